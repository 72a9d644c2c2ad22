"""Terms that PyPika lacks."""

from pypika.terms import ValueWrapper
from pypika.utils import format_alias_sql


class ConstantColumn(ValueWrapper):
    """A column with the same value in every row."""

    def get_sql(self, quote_char=None, **kwargs) -> str:
        return format_alias_sql(
            f"'{str(self.value).replace(chr(39), chr(39) * 2)}'", self.alias, quote_char="`"
        )
