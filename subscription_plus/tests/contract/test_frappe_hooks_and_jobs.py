"""What the app relies on in hooks, background jobs, mails and their templates."""

from unittest.mock import patch

import frappe
from frappe.email.doctype.email_template.email_template import get_email_template
from frappe.tests.utils import FrappeTestCase
from frappe.utils.background_jobs import create_job_id, get_job, is_job_enqueued

from subscription_plus.tests.support import things

HERE = "subscription_plus.tests.contract.test_frappe_hooks_and_jobs"
_heard: list = []


def hear(doc, method, *args):
    _heard.append((doc.name, method, *args))
    return {"heard": 1}


def hear_too(doc, method, *args):
    _heard.append("too")
    return {"too": 1}


def job(value=None, fail: bool = False):
    _heard.append((value, frappe.session.user))
    if fail:
        frappe.throw("by purpose")
    return value


def job_about(event=None):
    return event


class TestHooks(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def setUp(self) -> None:
        _heard.clear()

    def test_handlers_hear_events_of_any_name_and_their_answers_come_together(self):
        thing = things.make()
        event = f"sp_{frappe.generate_hash(length=8)}"
        hooks = {things.THING: {event: [f"{HERE}.hear"]}, "*": {event: [f"{HERE}.hear_too"]}}
        with patch("frappe.get_doc_hooks", lambda: hooks):
            self.assertEqual(thing.run_method(event, 5), {"heard": 1, "too": 1})
        self.assertEqual(_heard, [(thing.name, event, 5), "too"])

    def test_hooks_are_lists_by_name(self):
        self.assertEqual(frappe.get_hooks("no_such_hook"), [])
        self.assertEqual(frappe.get_hooks("no_such_hook", {}), {})
        self.assertIsInstance(frappe.get_hooks("app_name"), list)
        self.assertIn("frappe", frappe.get_hooks("app_name"))
        self.assertIsInstance(frappe.get_hooks("doc_events", {}), dict)
        self.assertIn("frappe", frappe.get_installed_apps())

    def test_functions_are_found_by_their_path_and_given_what_they_take(self):
        self.assertIs(frappe.get_attr("frappe.utils.cint"), frappe.utils.cint)
        self.assertEqual(frappe.call("frappe.utils.cint", s="4", unknown=1), 4)
        self.assertRaises(frappe.AppNotInstalledError, frappe.get_attr, "no_such_app.module.function")
        self.assertRaises(AttributeError, frappe.get_attr, "frappe.utils.no_such_function")

    def test_whitelisted_arguments_are_cast(self):
        @frappe.whitelist()
        def verb(count: int, name: str = "x", when: str | None = None):
            return count, name, when

        self.assertEqual(verb(count="3"), (3, "x", None))
        self.assertRaises(frappe.FrappeTypeError, verb, count="many")
        self.assertRaises(frappe.FrappeTypeError, verb, count=1, name=["a"])
        frappe.is_whitelisted(verb)
        self.assertRaises(frappe.PermissionError, frappe.is_whitelisted, hear)


class TestJobs(FrappeTestCase):
    def setUp(self) -> None:
        _heard.clear()

    def test_now_means_now_and_answers(self):
        self.assertEqual(frappe.enqueue(f"{HERE}.job", now=True, value=3), 3)
        self.assertEqual(frappe.enqueue(job, now=True, value=4), 4)
        self.assertRaises(frappe.ValidationError, frappe.enqueue, job, now=True, fail=True)

    def test_an_argument_called_event_is_the_queues_own_and_never_comes_through(self):
        self.assertIsNone(frappe.enqueue(f"{HERE}.job_about", now=True, event="lost"))

    def test_deduplicating_needs_an_id(self):
        self.assertRaises(frappe.ValidationError, frappe.enqueue, f"{HERE}.job", deduplicate=True)

    def test_after_commit_means_after_commit(self):
        with patch("frappe.utils.background_jobs.create_job_id", side_effect=create_job_id):
            before = len(frappe.db.after_commit._functions)
            frappe.enqueue(f"{HERE}.job", enqueue_after_commit=True, job_id="sp-contract-after-commit")
            self.assertEqual(len(frappe.db.after_commit._functions), before + 1)
        self.assertFalse(is_job_enqueued("sp-contract-after-commit"))
        frappe.db.rollback()
        self.assertEqual(len(frappe.db.after_commit._functions), 0)

    def test_unknown_jobs_are_not_enqueued(self):
        self.assertFalse(is_job_enqueued(frappe.generate_hash()))
        self.assertIsNone(get_job(frappe.generate_hash()))

    def test_job_ids_belong_to_the_site(self):
        self.assertEqual(create_job_id("x"), f"{frappe.local.site}::x")

    def test_queues_have_names(self):
        with self.assertRaisesRegex(Exception, "Queue should be one of"):
            frappe.enqueue(f"{HERE}.job", queue="no such queue")


class TestMail(FrappeTestCase):
    def queued(self, subject: str):
        """The newest mail in the queue with this subject."""
        for name in frappe.get_all("Email Queue", order_by="creation desc", limit=20, pluck="name"):
            mail = frappe.get_doc("Email Queue", name)
            if subject in mail.message:
                return mail
        self.fail(f"no mail {subject}")

    def test_sendmail_queues_a_mail(self):
        subject = f"Subject {frappe.generate_hash(length=10)}"
        frappe.sendmail(
            recipients=["ada@example.com", "bob@example.com"],
            cc=["eve@example.com"],
            subject=subject,
            message="<p>Hello <b>Ada</b></p>",
            reference_doctype="User",
            reference_name="Administrator",
        )
        mail = self.queued(subject)
        self.assertEqual(mail.status, "Not Sent")
        self.assertEqual((mail.reference_doctype, mail.reference_name), ("User", "Administrator"))
        recipients = {row.recipient for row in mail.recipients}
        self.assertEqual(recipients, {"ada@example.com", "bob@example.com", "eve@example.com"})
        self.assertIn("<b>Ada</b>", mail.message)

    def test_a_bad_address_queues_nothing_and_is_told_in_the_error_log(self):
        before = frappe.db.count("Email Queue")
        self.assertFalse(frappe.sendmail(recipients=["no address"], subject="x", message="y"))
        self.assertEqual(frappe.db.count("Email Queue"), before)
        self.assertIn(
            "no address", frappe.get_last_doc("Error Log", {"method": "Invalid email address"}).error
        )

    def test_nobody_gets_nothing(self):
        before = frappe.db.count("Email Queue")
        frappe.sendmail(recipients=[], subject="x", message="y")
        self.assertEqual(frappe.db.count("Email Queue"), before)

    def test_a_rolled_back_mail_is_no_mail(self):
        before = frappe.db.count("Email Queue")
        frappe.db.savepoint("mail")
        frappe.sendmail(recipients=["ada@example.com"], subject="x", message="y")
        frappe.db.rollback(save_point="mail")
        self.assertEqual(frappe.db.count("Email Queue"), before)


class TestEmailTemplates(FrappeTestCase):
    def template(self, **values):
        name = f"SP {frappe.generate_hash(length=8)}"
        values = {"subject": "Dear {{ name }}", "response": "<p>{{ doc_total }} due</p>", **values}
        return frappe.get_doc({"doctype": "Email Template", "name": name, **values}).insert()

    def test_subject_and_body_are_rendered(self):
        template = self.template()
        rendered = template.get_formatted_email({"name": "Ada", "doc_total": 12})
        self.assertEqual(rendered["subject"], "Dear Ada")
        self.assertIn("12 due", rendered["message"])
        same = get_email_template(template.name, {"name": "Ada", "doc_total": 12})
        self.assertEqual(same["subject"], "Dear Ada")

    def test_html_bodies(self):
        template = self.template(use_html=1, response_html="<i>{{ name }}</i>", response="")
        self.assertEqual(template.get_formatted_email({"name": "Ada"})["message"], "<i>Ada</i>")

    def test_broken_templates_are_refused_when_saved(self):
        self.assertRaises(frappe.ValidationError, self.template, subject="{{ name")
        self.assertRaises(frappe.ValidationError, self.template, response="{% if %}")

    def test_templates_broken_behind_the_form_raise_when_rendered(self):
        template = self.template()
        frappe.db.set_value("Email Template", template.name, "response", "{% if %}")
        template.reload()
        self.assertRaises(frappe.ValidationError, template.get_formatted_email, {"name": "Ada"})
