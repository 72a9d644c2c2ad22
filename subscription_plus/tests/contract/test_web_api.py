"""What the app relies on in Frappe's web layer: logins, CSRF, whitelisted methods, /api/resource, error shapes."""

import base64
import io
import json
import uuid

import frappe
import frappe.sessions
from frappe.app import application
from frappe.rate_limiter import rate_limit
from werkzeug.test import Client, TestResponse

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.web import WebTestCase, make_keys, make_user

HERE = "subscription_plus.tests.contract.test_web_api"


@frappe.whitelist()
def say(text: str, times: int = 1) -> str:
    return text * times


@frappe.whitelist(allow_guest=True)
def say_to_anyone(text: str = "hello") -> str:
    return text


@frappe.whitelist(methods=["POST"])
def write_note(description: str, fail: int = 0) -> str:
    todo = frappe.get_doc({"doctype": "ToDo", "description": description}).insert(ignore_permissions=True)
    frappe.msgprint("Written down")
    if fail:
        frappe.throw("Not today")
    return todo.name


@frappe.whitelist()
def write_note_by_any_verb(description: str) -> str:
    return (
        frappe.get_doc({"doctype": "ToDo", "description": description}).insert(ignore_permissions=True).name
    )


@frappe.whitelist()
def fail_with(kind: str) -> None:
    frappe.throw("As asked", getattr(frappe, kind))


@frappe.whitelist()
def csrf_token() -> str:
    return frappe.sessions.get_csrf_token()


@frappe.whitelist()
def break_down() -> None:
    raise ZeroDivisionError("As asked")


@frappe.whitelist(allow_guest=True)
@rate_limit(key="who", limit=2, seconds=60)
def say_rarely(who: str) -> str:
    return who


def not_whitelisted() -> str:
    return "never"


class MethodTestCase(WebTestCase):
    """Calls the functions above."""

    def call(self, function: str, method: str = "GET", **kwargs) -> TestResponse:
        return self.ask(method, f"/api/method/{HERE}.{function}", **kwargs)


class TestLogin(MethodTestCase):
    def test_the_right_password_opens_a_session_by_cookie(self):
        answer = self.log_in()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json["message"], "Logged In")
        self.assertEqual(answer.json["full_name"], "Test Person")
        self.assertIn("home_page", answer.json)
        cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("sid="))
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Lax", cookie)
        who = self.ask("GET", "/api/method/frappe.auth.get_logged_user")
        self.assertEqual(who.json, {"message": self.desk_user})

    def test_a_website_user_is_told_there_is_no_desk(self):
        answer = self.log_in(self.website_user)
        self.assertEqual((answer.status_code, answer.json["message"]), (200, "No App"))

    def test_a_wrong_password_is_401(self):
        answer = self.log_in(password="wrong")
        self.assertEqual(answer.status_code, 401)
        self.assertEqual(answer.json["message"], "Invalid login credentials")
        self.assertEqual(answer.json["exc_type"], "AuthenticationError")

    def test_an_unknown_user_is_401_like_a_wrong_password(self):
        answer = self.log_in("nobody@example.com")
        self.assertEqual((answer.status_code, answer.json["message"]), (401, "Invalid login credentials"))

    def test_a_disabled_user_cannot_log_in(self):
        user = make_user(f"gone-{uuid.uuid4().hex[:8]}@example.com", ["System Manager"])
        frappe.db.set_value("User", user, "enabled", 0)
        frappe.db.commit()
        answer = self.log_in(user)
        self.assertEqual((answer.status_code, answer.json["message"]), (401, "User disabled or missing"))

    def test_after_logging_out_the_session_is_a_guests(self):
        self.log_in()
        self.assertEqual(self.ask("POST", "/api/method/logout").status_code, 200)
        self.assertEqual(self.ask("GET", "/api/method/frappe.auth.get_logged_user").status_code, 403)

    def test_an_unknown_session_is_a_guests_and_says_so(self):
        self.client.set_cookie("sid", "no-such-session")
        answer = self.call("say_to_anyone")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json["session_expired"], 1)


class TestApiKeys(MethodTestCase):
    def who(self, authorization: str) -> TestResponse:
        return self.ask(
            "GET", "/api/method/frappe.auth.get_logged_user", headers={"Authorization": authorization}
        )

    def test_a_token_of_key_and_secret_is_the_user(self):
        key, secret = make_keys(self.desk_user)
        self.assertEqual(self.who(f"token {key}:{secret}").json["message"], self.desk_user)

    def test_basic_authentication_takes_the_same_pair(self):
        key, secret = make_keys(self.desk_user)
        encoded = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.assertEqual(self.who(f"Basic {encoded}").json["message"], self.desk_user)

    def test_a_wrong_secret_or_an_unknown_key_is_401(self):
        key, _secret = make_keys(self.desk_user)
        self.assertEqual(self.who(f"token {key}:wrong").status_code, 401)
        self.assertEqual(self.who("token nobody:wrong").status_code, 401)
        self.assertEqual(self.who("token nonsense").status_code, 401)
        self.assertEqual(self.who("Basic !!!").status_code, 401)

    def test_the_key_of_a_disabled_user_is_401(self):
        user = make_user(f"gone-{uuid.uuid4().hex[:8]}@example.com", ["System Manager"])
        key, secret = make_keys(user)
        frappe.db.set_value("User", user, "enabled", 0)
        frappe.db.commit()
        self.assertEqual(self.who(f"token {key}:{secret}").status_code, 401)

    def test_a_token_needs_no_csrf_token_to_write(self):
        key, secret = make_keys(self.desk_user)
        headers = {"Authorization": f"token {key}:{secret}"}
        answer = self.call("write_note", "POST", headers=headers, json={"description": "by token"})
        self.assertEqual(answer.status_code, 200)


class TestCsrf(MethodTestCase):
    def test_a_session_that_was_never_given_a_token_writes_without_one(self):
        self.log_in()
        answer = self.call("write_note", "POST", json={"description": "no token yet"})
        self.assertEqual(answer.status_code, 200)

    def test_a_session_with_a_token_must_show_it_with_unsafe_verbs(self):
        self.log_in()
        token = self.call("csrf_token").json["message"]
        without = self.call("write_note", "POST", json={"description": "forged"})
        self.assertEqual((without.status_code, without.json["exc_type"]), (400, "CSRFTokenError"))
        wrong = self.call(
            "write_note", "POST", json={"description": "forged"}, headers={"X-Frappe-CSRF-Token": "x"}
        )
        self.assertEqual(wrong.status_code, 400)
        right = self.call(
            "write_note", "POST", json={"description": "own"}, headers={"X-Frappe-CSRF-Token": token}
        )
        self.assertEqual(right.status_code, 200)

    def test_a_form_may_carry_the_token_as_a_field(self):
        self.log_in()
        token = self.call("csrf_token").json["message"]
        answer = self.call("write_note", "POST", data={"description": "by form", "csrf_token": token})
        self.assertEqual(answer.status_code, 200)

    def test_reading_needs_no_token(self):
        self.log_in()
        self.call("csrf_token")
        self.assertEqual(self.call("say", query_string={"text": "a"}).status_code, 200)

    def test_the_token_is_refused_before_anything_is_written(self):
        self.log_in()
        self.call("csrf_token")
        description = f"forged {uuid.uuid4().hex}"
        self.call("write_note", "POST", json={"description": description})
        self.assertFalse(frappe.db.exists("ToDo", {"description": description}))


class TestMethods(MethodTestCase):
    def test_arguments_come_by_query_by_form_and_by_json(self):
        self.log_in()
        self.assertEqual(
            self.call("say", query_string={"text": "ab", "times": "2"}).json, {"message": "abab"}
        )
        self.assertEqual(self.call("say", "POST", data={"text": "ab"}).json, {"message": "ab"})
        self.assertEqual(
            self.call("say", "POST", json={"text": "ab", "times": 3}).json, {"message": "ababab"}
        )

    def test_version_one_may_be_named_in_the_path(self):
        self.log_in()
        answer = self.ask("GET", f"/api/v1/method/{HERE}.say", query_string={"text": "ab"})
        self.assertEqual(answer.json, {"message": "ab"})

    def test_arguments_a_function_does_not_know_are_dropped(self):
        self.log_in()
        self.assertEqual(self.call("say", query_string={"text": "ab", "other": "1"}).status_code, 200)

    def test_an_argument_of_the_wrong_type_is_417(self):
        self.log_in()
        answer = self.call("say", query_string={"text": "ab", "times": "often"})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "FrappeTypeError"))

    def test_a_guest_may_call_only_what_is_open_to_guests(self):
        self.assertEqual(self.call("say_to_anyone").json["message"], "hello")
        answer = self.call("say", query_string={"text": "ab"})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))

    def test_a_function_that_is_not_whitelisted_is_403(self):
        self.log_in()
        answer = self.call("not_whitelisted")
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))

    def test_an_unknown_function_is_417(self):
        self.log_in()
        answer = self.call("no_such_function")
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "ValidationError"))

    def test_a_verb_the_function_does_not_take_is_403(self):
        self.log_in()
        answer = self.call("write_note", "GET", query_string={"description": "by GET"})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))

    def test_a_post_is_committed_and_its_messages_come_along(self):
        self.log_in()
        answer = self.call("write_note", "POST", json={"description": "kept"})
        self.assertTrue(frappe.db.exists("ToDo", answer.json["message"]))
        messages = [json.loads(each) for each in json.loads(answer.json["_server_messages"])]
        self.assertEqual([each["message"] for each in messages], ["Written down"])

    def test_an_error_rolls_everything_back(self):
        self.log_in()
        description = f"lost {uuid.uuid4().hex}"
        answer = self.call("write_note", "POST", json={"description": description, "fail": 1})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "ValidationError"))
        self.assertIn("Not today", answer.json["_server_messages"])
        self.assertFalse(frappe.db.exists("ToDo", {"description": description}))

    def test_what_a_get_writes_is_rolled_back(self):
        self.log_in()
        description = f"lost {uuid.uuid4().hex}"
        answer = self.call("write_note_by_any_verb", query_string={"description": description})
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(frappe.db.exists("ToDo", {"description": description}))

    def test_each_error_has_its_status(self):
        self.log_in()
        for kind, status in {
            "ValidationError": 417,
            "MandatoryError": 417,
            "LinkValidationError": 417,
            "TimestampMismatchError": 417,
            "PermissionError": 403,
            "DoesNotExistError": 404,
            "DuplicateEntryError": 409,
            "RateLimitExceededError": 429,
            "TooManyRequestsError": 429,
        }.items():
            with self.subTest(kind):
                answer = self.call("fail_with", query_string={"kind": kind})
                self.assertEqual((answer.status_code, answer.json["exc_type"]), (status, kind))

    def test_a_limited_function_answers_429_beyond_its_limit(self):
        who = uuid.uuid4().hex
        answers = [self.call("say_rarely", query_string={"who": who}) for _time in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200, 200, 429])
        self.assertEqual(answers[2].json["exc_type"], "RateLimitExceededError")

    def test_a_crash_is_500_with_its_type(self):
        self.log_in()
        answer = self.call("break_down")
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (500, "ZeroDivisionError"))


class TestResource(WebTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.mark = f"mark {cls.suffix}"
        for number in range(25):
            frappe.get_doc(
                {
                    "doctype": "ToDo",
                    "description": f"{cls.mark} {number:02}",
                    "priority": "High" if number < 5 else "Low",
                    "date": "2026-01-01",
                }
            ).insert()
        frappe.db.commit()

    def setUp(self) -> None:
        super().setUp()
        self.log_in()

    def rows(self, **query) -> TestResponse:
        query.setdefault("filters", [["description", "like", f"{self.mark}%"]])
        sent = {key: value if isinstance(value, str) else json.dumps(value) for key, value in query.items()}
        return self.ask("GET", "/api/resource/ToDo", query_string=sent)

    def test_a_list_has_twenty_names_unless_told_otherwise(self):
        data = self.rows().json["data"]
        self.assertEqual(len(data), 20)
        self.assertEqual(list(data[0]), ["name"])

    def test_a_list_takes_fields_filters_order_and_pages(self):
        answer = self.rows(
            fields=["description", "priority"],
            filters={"description": ["like", f"{self.mark}%"], "priority": "High"},
            order_by="description desc",
            limit_start=1,
            limit_page_length=2,
        )
        self.assertEqual(
            answer.json["data"],
            [
                {"description": f"{self.mark} 03", "priority": "High"},
                {"description": f"{self.mark} 02", "priority": "High"},
            ],
        )

    def test_limit_is_another_word_for_the_page_length(self):
        self.assertEqual(len(self.rows(limit=3).json["data"]), 3)

    def test_a_list_takes_alternatives(self):
        answer = self.rows(or_filters=[["description", "like", "% 01"], ["description", "like", "% 02"]])
        self.assertEqual(len(answer.json["data"]), 2)

    def test_a_list_may_come_as_lists(self):
        answer = self.rows(fields=["description"], order_by="description asc", limit=1, as_dict="false")
        self.assertEqual(answer.json["data"], [[f"{self.mark} 00"]])

    def test_dates_come_as_iso_text(self):
        self.assertEqual(self.rows(fields=["date"], limit=1).json["data"], [{"date": "2026-01-01"}])

    def test_a_document_is_created_read_changed_and_deleted(self):
        made = self.ask(
            "POST", "/api/resource/ToDo", json={"description": "one", "assigned_by": self.desk_user}
        )
        self.assertEqual(made.status_code, 200)
        self.assertEqual(made.json["data"]["doctype"], "ToDo")
        path = f"/api/resource/ToDo/{made.json['data']['name']}"
        self.assertEqual(self.ask("GET", path).json["data"]["description"], "one")
        changed = self.ask("PUT", path, json={"description": "two"})
        self.assertEqual((changed.status_code, changed.json["data"]["description"]), (200, "two"))
        deleted = self.ask("DELETE", path)
        self.assertEqual((deleted.status_code, deleted.json), (202, {"data": "ok"}))
        self.assertEqual(self.ask("GET", path).status_code, 404)

    def test_a_missing_document_is_404(self):
        for method in ("GET", "PUT", "DELETE"):
            with self.subTest(method):
                answer = self.ask(method, "/api/resource/ToDo/no-such-todo", json={})
                self.assertEqual((answer.status_code, answer.json["exc_type"]), (404, "DoesNotExistError"))

    def test_an_unknown_doctype_is_404(self):
        self.assertEqual(self.ask("GET", "/api/resource/No Such Type").status_code, 404)

    def test_an_unknown_path_is_404(self):
        self.assertEqual(self.ask("GET", "/api/nothing").status_code, 404)

    def test_a_missing_mandatory_field_is_417(self):
        answer = self.ask("POST", "/api/resource/ToDo", json={})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "MandatoryError"))

    def test_a_link_to_nothing_is_417(self):
        answer = self.ask("POST", "/api/resource/ToDo", json={"description": "x", "allocated_to": "nobody"})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "LinkValidationError"))

    def test_a_name_taken_is_409(self):
        role = f"Role {uuid.uuid4().hex[:8]}"
        self.assertEqual(self.ask("POST", "/api/resource/Role", json={"role_name": role}).status_code, 200)
        again = self.ask("POST", "/api/resource/Role", json={"role_name": role})
        self.assertEqual((again.status_code, again.json["exc_type"]), (409, "DuplicateEntryError"))

    def test_who_may_not_read_gets_403(self):
        self.client = Client(application)
        self.log_in(self.website_user)
        for path in ("/api/resource/Role", "/api/resource/Role/System Manager"):
            with self.subTest(path):
                answer = self.ask("GET", path)
                self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))

    def test_a_guest_gets_403(self):
        self.client = Client(application)
        self.assertEqual(self.ask("GET", "/api/resource/ToDo").status_code, 403)
        self.assertEqual(self.ask("POST", "/api/resource/ToDo", json={"description": "x"}).status_code, 403)

    def test_a_change_of_an_older_version_is_417(self):
        made = self.ask("POST", "/api/resource/ToDo", json={"description": "one"}).json["data"]
        path = f"/api/resource/ToDo/{made['name']}"
        self.ask("PUT", path, json={"description": "two"})
        answer = self.ask("PUT", path, json={"description": "three", "modified": made["modified"]})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (417, "TimestampMismatchError"))

    def test_a_method_of_a_document_must_be_whitelisted(self):
        made = self.ask("POST", "/api/resource/ToDo", json={"description": "one"}).json["data"]
        answer = self.ask("POST", f"/api/resource/ToDo/{made['name']}", json={"run_method": "db_update"})
        self.assertEqual((answer.status_code, answer.json["exc_type"]), (403, "PermissionError"))

    def test_client_functions_read_and_write_too(self):
        made = self.ask(
            "POST",
            "/api/method/frappe.client.insert",
            json={"doc": {"doctype": "ToDo", "description": "one"}},
        ).json["message"]
        value = self.ask(
            "GET",
            "/api/method/frappe.client.get_value",
            query_string={"doctype": "ToDo", "fieldname": "description", "filters": made["name"]},
        )
        self.assertEqual(value.json["message"], {"description": "one"})
        changed = self.ask(
            "POST",
            "/api/method/frappe.client.set_value",
            json={"doctype": "ToDo", "name": made["name"], "fieldname": "description", "value": "two"},
        )
        self.assertEqual(changed.json["message"]["description"], "two")


class TestDocumentMethods(WebTestCase):
    """`submit` and `cancel` are the whitelisted methods that every document has."""

    @classmethod
    def setUpClass(cls) -> None:
        masters.ensure()
        super().setUpClass()
        cls.seller = make_user(f"seller-{cls.suffix}@example.com", ["Sales Manager", "Accounts Manager"])
        cls.order = masters.make_sales_order(submit=False)
        frappe.db.commit()

    def test_a_program_submits_and_cancels_through_the_resource(self):
        self.log_in(self.seller)
        path = f"/api/resource/Sales Order/{self.order.name}"
        submitted = self.ask("POST", path, json={"run_method": "submit"})
        self.assertEqual(submitted.status_code, 200, submitted.text)
        self.assertEqual(self.ask("GET", path).json["data"]["docstatus"], 1)
        arguments = {"dt": "Sales Order", "dn": self.order.name, "method": "cancel"}
        cancelled = self.ask("POST", "/api/method/run_doc_method", json=arguments)
        self.assertEqual(cancelled.status_code, 200, cancelled.text)
        self.assertEqual(cancelled.json["docs"][0]["docstatus"], 2)

    def test_reading_a_document_does_not_allow_its_methods_by_post(self):
        self.log_in(self.website_user)
        path = f"/api/resource/Sales Order/{self.order.name}"
        self.assertEqual(self.ask("POST", path, json={"run_method": "submit"}).status_code, 403)


class TestPages(WebTestCase):
    def test_an_unknown_page_is_404_in_html(self):
        answer = self.ask("GET", "/no-such-page", headers={"Accept": "text/html"})
        self.assertEqual((answer.status_code, answer.mimetype), (404, "text/html"))

    def test_the_login_page_is_open_to_everyone(self):
        answer = self.ask("GET", "/login")
        self.assertEqual((answer.status_code, answer.mimetype), (200, "text/html"))

    def test_the_desk_sends_guests_to_the_login(self):
        answer = self.ask("GET", "/app")
        self.assertEqual(answer.status_code, 301)
        self.assertTrue(answer.location.startswith("/login?redirect-to="), answer.location)

    def test_the_desk_is_closed_to_website_users(self):
        self.log_in(self.website_user)
        self.assertEqual(self.ask("GET", "/app").status_code, 403)

    def test_an_error_of_the_api_is_html_only_where_html_is_asked_for(self):
        path = "/api/resource/ToDo/no-such-todo"
        self.log_in()
        self.assertEqual(self.ask("GET", path).mimetype, "application/json")
        self.assertEqual(
            self.ask("GET", path, headers={"Accept": "application/json"}).mimetype, "application/json"
        )
        self.assertEqual(self.ask("GET", path, headers={"Accept": "text/html"}).mimetype, "text/html")


class TestFiles(WebTestCase):
    def upload(self, **form) -> TestResponse:
        form["file"] = (io.BytesIO(b"Good morning"), f"note-{uuid.uuid4().hex[:8]}.txt")
        return self.ask("POST", "/api/method/upload_file", data=form)

    def test_a_private_file_is_for_those_who_may_read_it(self):
        self.log_in()
        sent = self.upload(is_private="1")
        self.assertEqual(sent.status_code, 200)
        url = sent.json["message"]["file_url"]
        self.assertTrue(url.startswith("/private/files/"), url)
        self.assertEqual(self.ask("GET", url).data, b"Good morning")
        self.assertEqual(self.ask("GET", url, client=Client(application)).status_code, 403)
        self.client = Client(application)
        self.log_in(self.website_user)
        self.assertEqual(self.ask("GET", url).status_code, 403)

    def test_a_private_file_is_for_those_who_read_what_it_hangs_on(self):
        seller = make_user(f"reader-{uuid.uuid4().hex[:8]}@example.com", ["Sales User"])
        masters.ensure()
        order = masters.make_sales_order(submit=False)
        frappe.db.commit()
        self.log_in()
        frappe.get_doc("User", self.desk_user).add_roles("Sales Manager")
        frappe.db.commit()
        url = self.upload(is_private="1", doctype="Sales Order", docname=order.name).json["message"][
            "file_url"
        ]
        for user, status in ((seller, 200), (self.website_user, 403)):
            self.client = Client(application)
            self.log_in(user)
            self.assertEqual(self.ask("GET", url).status_code, status)
            listed = self.ask(
                "GET", "/api/resource/File", query_string={"filters": json.dumps({"file_url": url})}
            )
            self.assertEqual(len(listed.json["data"]), int(status == 200))

    def test_a_guest_may_not_upload(self):
        self.assertEqual(self.upload().status_code, 403)

    def test_nobody_attaches_a_file_to_what_they_may_not_write(self):
        self.log_in(self.website_user)
        answer = self.upload(doctype="Role", docname="System Manager")
        self.assertEqual(answer.status_code, 403)
