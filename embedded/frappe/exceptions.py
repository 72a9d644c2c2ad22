"""The exceptions of Frappe, each with the HTTP status it answers with.

Only their names, bases and status codes matter to callers; they are therefore kept as a table and not as
sixty empty class bodies. `frappe` re-exports every one of them.
"""


class ValidationError(Exception):
    http_status_code = 417


class DoesNotExistError(ValidationError):
    http_status_code = 404

    def __init__(self, *args, doctype: str | None = None):
        super().__init__(*args)
        self.doctype = doctype


class Redirect(Exception):
    def __init__(self, http_status_code: int = 301):
        super().__init__()
        self.http_status_code = http_status_code


class LinkExpired(ValidationError):
    http_status_code = 410
    title = "Link Expired"
    message = "The link has been expired"


def _define(base: type[Exception], **names: int | None) -> None:
    for name, status in names.items():
        body = {"__module__": __name__} | ({"http_status_code": status} if status else {})
        globals()[name] = type(name, (base,), body)


_define(TypeError, FrappeTypeError=417)
_define(
    Exception,
    AuthenticationError=401,
    SessionExpired=401,
    PermissionError=403,
    NameError=409,
    CSRFTokenError=400,
    TooManyRequestsError=429,
    UnsupportedMediaType=415,
    OutgoingEmailError=501,
    SessionStopped=503,
    QueryTimeoutError=None,
    QueryDeadlockError=None,
    RetryBackgroundJobError=None,
    TooManyWritesError=None,
    SecurityException=None,
    FileAlreadyAttachedException=None,
)
_define(
    ValidationError,
    PageDoesNotExistError=404,
    RateLimitExceededError=429,
    QueueOverloaded=503,
    InReadOnlyMode=503,
    SessionBootFailed=500,
)
_define(
    ValidationError,
    **dict.fromkeys(
        [
            "AppNotInstalledError",
            "AttachmentLimitReached",
            "CannotChangeConstantError",
            "CharacterLengthExceededError",
            "CircularLinkingError",
            "DataError",
            "DataTooLongException",
            "DocstatusTransitionError",
            "DocumentLockedError",
            "EmptyTableError",
            "ImplicitCommitError",
            "InvalidColumnName",
            "InvalidDates",
            "InvalidEmailAddressError",
            "InvalidNameError",
            "InvalidPhoneNumberError",
            "InvalidSignatureError",
            "InvalidStatusError",
            "LinkExistsError",
            "LinkValidationError",
            "MandatoryError",
            "MappingMismatchError",
            "NonNegativeError",
            "PrintFormatError",
            "TemplateNotFoundError",
            "TimestampMismatchError",
            "UniqueValidationError",
            "UpdateAfterSubmitError",
        ]
    ),
)
_define(globals()["NameError"], DuplicateEntryError=None)
_define(globals()["LinkValidationError"], CancelledLinkError=None)
_define(globals()["CSRFTokenError"], InvalidAuthorizationHeader=None, InvalidAuthorizationToken=None)
_define(globals()["CSRFTokenError"], InvalidAuthorizationPrefix=None)
_define(FileNotFoundError, InvalidRoundingMethod=None)
