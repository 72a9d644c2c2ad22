"""Accounting dimensions beyond cost center and project: none are kept here."""


def get_accounting_dimensions(as_list: bool = True) -> list[str]:
    """The fieldnames of additional dimensions."""
    return []
