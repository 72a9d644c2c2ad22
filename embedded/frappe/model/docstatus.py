"""A document's place between draft, submitted and cancelled."""


class DocStatus(int):
    def is_draft(self) -> bool:
        return self == DocStatus.DRAFT

    def is_submitted(self) -> bool:
        return self == DocStatus.SUBMITTED

    def is_cancelled(self) -> bool:
        return self == DocStatus.CANCELLED

    @classmethod
    def draft(cls):
        return cls.DRAFT

    @classmethod
    def submitted(cls):
        return cls.SUBMITTED

    @classmethod
    def cancelled(cls):
        return cls.CANCELLED


DocStatus.DRAFT, DocStatus.SUBMITTED, DocStatus.CANCELLED = DocStatus(0), DocStatus(1), DocStatus(2)
