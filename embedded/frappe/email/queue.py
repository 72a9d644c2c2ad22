"""`frappe.sendmail`: every mail becomes an Email Queue row, the outbox of this host. Nothing is ever sent."""

import json
from email.message import EmailMessage
from email.utils import formataddr

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime, split_emails, strip_html


class EmailQueue(Document):
    def get_message(self) -> EmailMessage:
        from email import message_from_string, policy

        return message_from_string(self.message or "", policy=policy.default)

    def html(self) -> str:
        """The mail's HTML body."""
        body = self.get_message().get_body(("html", "plain"))
        return body.get_content() if body else ""

    @frappe.whitelist()
    def send(self) -> None:
        """Marks the mail as sent: this host delivers nothing."""
        for row in self.recipients:
            row.db_set("status", "Sent")
        self.db_set("status", "Sent")


def sendmail(
    recipients=None,
    sender: str = "",
    subject: str = "No Subject",
    message: str = "No Message",
    as_markdown: bool = False,
    delayed: bool = True,
    reference_doctype: str | None = None,
    reference_name: str | None = None,
    attachments=None,
    content: str | None = None,
    doctype: str | None = None,
    name: str | None = None,
    reply_to: str | None = None,
    cc=None,
    bcc=None,
    send_after=None,
    send_priority: int = 1,
    communication: str | None = None,
    now: bool | None = None,
    template: str | None = None,
    args: dict | None = None,
    header=None,
    **options,
):
    """Queues a mail and answers its Email Queue document; an empty list when nobody receives it.

    A bad address queues nothing and raises nothing: it is told in the Error Log, as in Frappe.
    """
    unknown = set(options) - _IGNORED
    if unknown:
        raise TypeError(f"frappe.sendmail has no argument {', '.join(sorted(unknown))} on this host")
    recipients, cc, bcc = _addresses(recipients), _addresses(cc), _addresses(bcc)
    everybody = list(dict.fromkeys(recipients + cc + bcc))
    if bad := [address for address in everybody if not frappe.utils.validate_email_address(address)]:
        text = f"Invalid email address Sender: {sender}, Recipients: {', '.join(bad)}"
        about = {"reference_doctype": doctype or reference_doctype, "reference_name": name or reference_name}
        frappe.log_error(title="Invalid email address", message=text, **about)
    if bad or not everybody:
        return []
    if template:
        message = frappe.render_template(f"templates/emails/{template}.html", args or {})
    body = content or message
    if as_markdown:
        body = frappe.utils.md_to_html(body)
    sender = sender or _default_sender()
    mail = _message(sender, recipients, cc, subject, _page(body, header), reply_to)
    queued = frappe.get_doc(
        {
            "doctype": "Email Queue",
            "sender": sender,
            "subject": strip_html(subject),
            "message": mail.as_string(),
            "message_id": mail["Message-Id"].strip("<>"),
            "recipients": [{"recipient": address} for address in everybody],
            "show_as_cc": ",".join(cc),
            "reference_doctype": doctype or reference_doctype,
            "reference_name": name or reference_name,
            "attachments": json.dumps([_described(each) for each in attachments or []], default=str),
            "communication": communication,
            "priority": send_priority,
            "send_after": get_datetime(send_after) if send_after else None,
        }
    )
    return queued.insert(ignore_permissions=True, ignore_links=True)


_IGNORED = {
    "unsubscribe_method",
    "unsubscribe_params",
    "unsubscribe_message",
    "add_unsubscribe_link",
    "queue_separately",
    "message_id",
    "in_reply_to",
    "expose_recipients",
    "retry",
    "read_receipt",
    "is_notification",
    "inline_images",
    "print_letterhead",
    "with_container",
    "email_read_tracker_url",
    "x_priority",
    "email_headers",
}


def _addresses(given) -> list[str]:
    listed = split_emails(given) if isinstance(given, str) else list(given or [])
    return list(
        dict.fromkeys(address for address in listed if address and address not in frappe.STANDARD_USERS)
    )


def _default_sender() -> str:
    account = frappe.db.get_value(
        "Email Account", {"default_outgoing": 1}, ["email_account_name", "email_id"]
    )
    return (
        formataddr(account)
        if account
        else formataddr((frappe.get_system_settings("app_name") or "", "outbox@localhost"))
    )


def _message(
    sender: str, recipients: list[str], cc: list[str], subject: str, html: str, reply_to
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = (
        sender,
        ", ".join(recipients),
        " ".join(strip_html(subject).split()),
    )
    if cc:
        mail["Cc"] = ", ".join(cc)
    if reply_to:
        mail["Reply-To"] = reply_to
    mail["Message-Id"] = f"<{frappe.generate_hash(length=20)}@{frappe.local.site}>"
    mail["Date"] = now_datetime().astimezone()
    mail.set_content(strip_html(html))
    mail.add_alternative(html, subtype="html")
    return mail


def _page(body: str, header) -> str:
    title = header[0] if isinstance(header, (list, tuple)) else header
    heading = f"<h2>{_(title)}</h2>" if title else ""
    return f"<!doctype html><html><body>{heading}{body}</body></html>"


def _described(attachment: dict) -> dict:
    """What the outbox shows of an attachment: content is left out, prints are rendered when they are looked at."""
    return {key: value for key, value in attachment.items() if key != "fcontent"} | (
        {"size": len(attachment["fcontent"])} if attachment.get("fcontent") else {}
    )
