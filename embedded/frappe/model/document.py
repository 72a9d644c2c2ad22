"""The life of a document: insert, save, submit, cancel, delete, with Frappe's events in Frappe's order."""

import frappe
from frappe import _
from frappe.dicts import _dict
from frappe.model import checks, create_new
from frappe.model.base_document import BaseDocument, get_controller
from frappe.model.conveniences import Conveniences
from frappe.model.docstatus import DocStatus
from frappe.model.naming import set_new_name, validate_name
from frappe.utils import cstr, get_datetime, get_timedelta, getdate, now


class Document(Conveniences, BaseDocument):
    def __init__(self, *args, **kwargs):
        self.name = None
        self.flags = _dict()
        self._doc_before_save = None
        if args and isinstance(args[0], str):
            self.doctype = args[0]
            self.name = args[1] if len(args) > 1 else args[0]
            self.flags.for_update = kwargs.get("for_update")
            self.load_from_db()
            return
        values = args[0] if args and args[0] else kwargs
        if not values:
            raise ValueError("Illegal arguments")
        self.doctype = values["doctype"]
        self._fill(values)
        self.__setup__()

    def __setup__(self) -> None:
        """For controllers to override: called when the document has been built."""

    def load_from_db(self) -> "Document":
        """(Re)reads the row and its child rows. Raises DoesNotExistError."""
        meta = frappe.get_meta(self.doctype)
        if meta.issingle:
            values = self._single_values(meta)
        else:
            values = frappe.db.get_value(
                self.doctype, self.name, "*", as_dict=True, order_by=None, for_update=self.flags.for_update
            )
            if not values:
                error = frappe.DoesNotExistError(doctype=self.doctype)
                frappe.throw(_("{0} {1} not found").format(_(self.doctype), self.name), error)
        for key in [key for key in self.__dict__ if key not in ("doctype", "flags", "_doc_before_save")]:
            if key not in values and (key in meta._types or key in ("__islocal", "__unsaved")):
                del self.__dict__[key]
        for df in meta.get_table_fields():
            values[df.fieldname] = frappe.db.get_values(
                df.options,
                {"parent": values["name"], "parenttype": self.doctype, "parentfield": df.fieldname},
                "*",
                as_dict=True,
                order_by="idx asc",
                for_update=self.flags.for_update,
            )
        self._fill(values)
        self.__setup__()
        return self

    def _single_values(self, meta) -> dict:
        stored = frappe.db.get_singles_dict(self.doctype, for_update=self.flags.for_update)
        if not stored:
            values = create_new.get_new_doc(self.doctype, as_dict=True)
            values.pop("__islocal")
        else:
            values = _dict()
            for key, value in stored.items():
                fieldtype = meta.fieldtype(key)
                empty_date = fieldtype in ("Date", "Datetime", "Time") and not value
                values[key] = None if value is None or empty_date else frappe.utils.cast(fieldtype, value)
        values["name"] = self.doctype
        return values

    reload = load_from_db

    # permissions

    def has_permission(self, permtype: str = "read", *, debug: bool = False, user: str | None = None) -> bool:
        if self.flags.ignore_permissions:
            return True
        return frappe.permissions.has_permission(self.doctype, permtype, self, user=user)

    def check_permission(self, permtype: str = "read", permlevel=None) -> None:
        if not self.has_permission(permtype):
            self.raise_no_permission_to(permtype)

    def raise_no_permission_to(self, perm_type: str) -> None:
        message = _("You need the '{0}' permission on {1} {2} to perform this action.")
        frappe.flags.error_message = message.format(
            _(perm_type), frappe.bold(_(self.doctype)), self.name or ""
        )
        raise frappe.PermissionError

    def get_permlevel_access(self, permission_type: str = "write") -> list[int]:
        return self.meta.get_permlevel_access(permission_type, self.get("parenttype"))

    def has_permlevel_access_to(self, fieldname: str, df=None, permission_type: str = "read") -> bool:
        df = df or self.meta.get_field(fieldname)
        return df.permlevel in self.get_permlevel_access(permission_type)

    def apply_fieldlevel_read_permissions(self) -> None:
        """Takes away what the user's permission levels do not show."""
        if frappe.session.user == "Administrator":
            return
        levels = self.get_permlevel_access("read")
        for doc in [self, *self.get_all_children()]:
            for df in doc.meta.get_high_permlevel_fields():
                if df.permlevel not in levels:
                    doc.__dict__.pop(df.fieldname, None)

    # insert and save

    def insert(
        self,
        ignore_permissions=None,
        ignore_links=None,
        ignore_if_duplicate=False,
        ignore_mandatory=None,
        set_name=None,
        set_child_names=True,
    ) -> "Document":
        """Writes the new document. Events: before_insert, before_naming, autoname, before_validate, validate,
        before_save, (row), after_insert, on_update, on_change."""
        self._set_flags(
            ignore_permissions=ignore_permissions,
            ignore_links=ignore_links,
            ignore_mandatory=ignore_mandatory,
        )
        self.__dict__["__islocal"] = True
        self._set_defaults()
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_permission("create")
        self.check_if_latest()
        checks.links(self)
        self.run_method("before_insert")
        self.set_new_name(set_name=set_name, set_child_names=set_child_names)
        self.set_parent_in_children()
        checks.reset_higher_permlevels(self)
        self.flags.in_insert = True
        self.run_before_save_methods()
        checks.values(self)
        self.set_docstatus()
        self.flags.in_insert = False
        if self.meta.issingle:
            self.update_single(self.get_valid_dict())
        else:
            self.db_insert(ignore_if_duplicate=ignore_if_duplicate)
        for row in self.get_all_children():
            row.db_insert()
        self.run_method("after_insert")
        self.flags.in_insert = True
        if self.get("amended_from"):
            self._check_amended_from()
        self.run_post_save_methods()
        self.flags.in_insert = False
        self.__dict__.pop("__islocal", None)
        self.__dict__.pop("__unsaved", None)
        return self

    def _set_flags(self, **given) -> None:
        self.flags.update({key: value for key, value in given.items() if value is not None})

    def save(self, ignore_permissions=None, ignore_version=None) -> "Document":
        """Writes a changed document (or inserts a new one).

        Events: before_validate, validate, before_save, (row), on_update, on_change; submit, cancel and
        changes after submission have their own. Raises TimestampMismatchError when the row changed meanwhile.
        """
        self._set_flags(ignore_permissions=ignore_permissions)
        self.flags.ignore_version = frappe.flags.in_test if ignore_version is None else ignore_version
        if self.get("__islocal") or not self.get("name"):
            return self.insert()
        self._set_defaults()
        self.check_permission("write")
        self.set_user_and_timestamp()
        self.set_docstatus()
        self.check_if_latest()
        self.set_parent_in_children()
        for row in self.get_all_children():
            if not row.name:
                set_new_name(row)
        checks.reset_higher_permlevels(self)
        checks.links(self)
        self.run_before_save_methods()
        if self._action != "cancel":
            checks.values(self)
        if self._action == "update_after_submit":
            checks.after_submit(self)
        self.set_docstatus()
        if self.meta.issingle:
            self.update_single(self.get_valid_dict())
        else:
            self.db_update()
        for df in self.meta.get_table_fields():
            self.update_child_table(df.fieldname, df)
        self.run_post_save_methods()
        self.__dict__.pop("__unsaved", None)
        return self

    @frappe.whitelist()
    def submit(self) -> "Document":
        self.docstatus = DocStatus.SUBMITTED
        return self.save()

    @frappe.whitelist()
    def cancel(self) -> "Document":
        self.docstatus = DocStatus.CANCELLED
        return self.save()

    def discard(self) -> "Document":
        """Turns a draft into a cancelled document without running its submission."""
        if not self.docstatus.is_draft():
            frappe.throw(_("Only draft documents can be discarded"))
        self.check_permission("write")
        self.run_method("before_discard")
        self.db_set("docstatus", DocStatus.CANCELLED)
        self.run_method("on_discard")
        return self

    def delete(self, ignore_permissions=False, force=False, *, delete_permanently=False):
        return frappe.delete_doc(
            self.doctype, self.name, force=force, ignore_permissions=ignore_permissions, flags=self.flags
        )

    @frappe.whitelist()
    def rename(self, name: str, merge=False, force=False, validate_rename=True) -> None:
        self.name = frappe.rename_doc(self.doctype, self.name, name, merge=merge, force=force)
        self.reload()

    def _set_defaults(self) -> None:
        if self.is_new():
            self.update_if_missing(create_new.get_new_doc(self.doctype, as_dict=True))
        for df in self.meta.get_table_fields():
            new_rows = [row for row in self.get(df.fieldname) or [] if row.is_new()]
            if new_rows:
                defaults = create_new.get_new_doc(df.options, self, df.fieldname, as_dict=True)
                for row in new_rows:
                    row.update_if_missing(defaults)

    def set_new_name(self, force=False, set_name=None, set_child_names=True) -> None:
        if self.flags.name_set and not force:
            return
        if self.get("__newname") and (self.meta.autoname or "").lower() == "prompt":
            self.name = validate_name(self.doctype, self.get("__newname"))
        elif set_name:
            self.name = validate_name(self.doctype, set_name)
        else:
            set_new_name(self)
        if set_child_names:
            for row in self.get_all_children():
                set_new_name(row)
        self.flags.name_set = True

    def set_user_and_timestamp(self) -> None:
        self._original_modified = self.modified
        self.modified = now()
        self.modified_by = frappe.session.user
        if self.is_new() and not (
            frappe.flags.in_install or frappe.flags.in_patch or frappe.flags.in_migrate
        ):
            self.creation, self.owner = self.modified, self.modified_by
        for row in self.get_all_children():
            row.modified, row.modified_by = self.modified, self.modified_by
            row.owner = row.owner or self.owner
            row.creation = row.creation or self.creation
        frappe.flags.currently_saving.append((self.doctype, self.name))

    def set_docstatus(self) -> None:
        for row in self.get_all_children():
            row.docstatus = self.docstatus

    def set_parent_in_children(self) -> None:
        for row in self.get_all_children():
            row.parent, row.parenttype = self.name, self.doctype

    def load_doc_before_save(self, *, raise_exception: bool = False) -> None:
        self._doc_before_save = None
        if self.is_new():
            return
        try:
            self._doc_before_save = frappe.get_doc(self.doctype, self.name, for_update=True)
        except frappe.DoesNotExistError:
            if raise_exception:
                raise
            frappe.clear_last_message()

    def check_if_latest(self) -> None:
        """Compares `modified` with the row's, and settles what kind of save this is (`_action`)."""
        self.load_doc_before_save(raise_exception=True)
        self._action = "save"
        previous = self._doc_before_save
        if not previous:
            self.check_docstatus_transition(0)
            return
        if cstr(previous.modified) != cstr(self._original_modified):
            message = _("Error: Document has been modified after you have opened it")
            message += f" ({previous.modified}, {self.modified}). "
            message += _("Please refresh to get the latest document.")
            frappe.throw(message, frappe.TimestampMismatchError)
        if not self.meta.issingle:
            self.check_docstatus_transition(previous.docstatus)

    def check_docstatus_transition(self, before: int) -> None:
        names = {0: "0 (Draft)", 1: "1 (Submitted)", 2: "2 (Cancelled)"}
        actions = {(0, 0): "save", (0, 1): "submit", (1, 1): "update_after_submit", (1, 2): "cancel"}
        step = (int(before), int(self.docstatus))
        if step[0] == 2:
            raise frappe.ValidationError(_("Cannot edit cancelled document"))
        if step[1] not in names:
            raise frappe.ValidationError(_("Invalid docstatus"), self.docstatus)
        if step not in actions:
            message = _("Cannot change docstatus from {0} to {1}").format(names[step[0]], names[step[1]])
            raise frappe.DocstatusTransitionError(message)
        self._action = actions[step]
        if self._action != "save":
            self.check_permission("cancel" if self._action == "cancel" else "submit")

    def run_before_save_methods(self) -> None:
        if self._action in ("save", "submit"):
            self.run_method("before_validate")
        if self.flags.ignore_validate:
            return
        if self._action in ("save", "submit"):
            self.run_method("validate")
        self.run_method(
            {
                "save": "before_save",
                "submit": "before_submit",
                "cancel": "before_cancel",
                "update_after_submit": "before_update_after_submit",
            }[self._action]
        )
        self.set_title_field()

    def run_post_save_methods(self) -> None:
        if self._action in ("save", "submit"):
            self.run_method("on_update")
        if self._action == "submit":
            self.run_method("on_submit")
        elif self._action == "cancel":
            self.run_method("on_cancel")
            self.check_no_back_links_exist()
        elif self._action == "update_after_submit":
            self.run_method("on_update_after_submit")
        self.clear_cache()
        self.save_version()
        self.run_method("on_change")
        if (self.doctype, self.name) in frappe.flags.currently_saving:
            frappe.flags.currently_saving.remove((self.doctype, self.name))

    def set_title_field(self) -> None:
        if self.meta.title_field != "title" or not self.meta.has_field("title"):
            return
        df = self.meta.get_field("title")
        values = {key: "" if value is None else value for key, value in self.as_dict().items()}
        if df.options:
            self.title = df.options.format(**values)
        elif self.is_new() and not self.title and df.default:
            self.title = df.default.format(**values)

    def update_child_table(self, fieldname: str, df=None) -> None:
        """Makes the child table's rows those of the document: rows no longer there are deleted."""
        df = df or self.meta.get_field(fieldname)
        rows = self.get(fieldname) or []
        kept = [row.name for row in rows if row.name and not row.is_new()]
        query = f"DELETE FROM `tab{df.options}` WHERE parent = %s AND parenttype = %s AND parentfield = %s"
        values = [self.name, self.doctype, fieldname]
        if df.options not in (self.flags.ignore_children_type or ()):
            frappe.db.sql(query + (" AND name NOT IN %s" if kept else ""), values + ([kept] if kept else []))
        for row in rows:
            row.db_update()

    def update_single(self, values: dict) -> None:
        from frappe.database.values import stored

        frappe.db.sql("DELETE FROM `tabSingles` WHERE doctype = %s", (self.doctype,))
        for field, value in values.items():
            frappe.db.sql(
                "INSERT INTO `tabSingles` (doctype, field, value) VALUES (%s, %s, %s)",
                (self.doctype, field, stored(self.meta.fieldtype(field), value)),
            )
        frappe.db.value_cache.clear()

    def _check_amended_from(self) -> None:
        if frappe.db.get_value(self.doctype, self.amended_from, "docstatus") != 2:
            frappe.throw(
                _("{0} cannot be amended because it is not cancelled.").format(self.amended_from),
                title=_("Amendment Not Allowed"),
            )

    def check_no_back_links_exist(self) -> None:
        from frappe.model.links import check_if_doc_is_dynamically_linked, check_if_doc_is_linked

        if not self.flags.ignore_links:
            check_if_doc_is_linked(self, method="Cancel")
            check_if_doc_is_dynamically_linked(self, method="Cancel")

    def save_version(self) -> None:
        """A Version row of what this save changed, where the DocType tracks changes."""
        if not self.meta.track_changes or self.flags.ignore_version or frappe.flags.in_install:
            return
        if self._doc_before_save:
            from frappe.core.version import changes_between

            if data := changes_between(self._doc_before_save, self):
                version = {"doctype": "Version", "ref_doctype": self.doctype, "docname": self.name}
                frappe.get_doc({**version, "data": frappe.as_json(data)}).insert(ignore_permissions=True)

    def clear_cache(self) -> None:
        frappe.clear_document_cache(self.doctype, self.name)

    def notify_update(self) -> None:
        """Nobody listens for changes on this host: pages show what is there when they are loaded."""

    # events

    def run_method(self, method: str, *args, **kwargs):
        """Calls the controller's method, then the handlers that `doc_events` of all apps name for it.

        Answers the last value that is not None (dicts are merged).
        """
        out = None
        function = getattr(self, method, None)
        if callable(function):
            out = function(*args, **kwargs)
        for handler in frappe.local.process.handlers(self.doctype, method):
            answer = handler(self, method, *args, **kwargs)
            if isinstance(answer, dict) and isinstance(out, dict):
                out.update(answer)
            elif answer is not None:
                out = answer
        return out

    run_trigger = run_method

    def get_doc_before_save(self) -> "Document | None":
        return self._doc_before_save

    def has_value_changed(self, fieldname: str) -> bool:
        """Whether this save changes the field; always for a new document."""
        previous = self.get_doc_before_save()
        if not previous:
            return True
        before, after = previous.get(fieldname), self.get(fieldname)
        kind = self.meta.fieldtype(fieldname)
        if before is not None and after and kind in ("Datetime", "Date", "Time"):
            after = {"Datetime": get_datetime, "Date": getdate, "Time": get_timedelta}[kind](after)
        return before != after

    def db_set(self, fieldname, value=None, update_modified=True, notify=False, commit=False) -> None:
        """Sets fields on the document and in its row at once; runs only before_change and on_change."""
        if isinstance(fieldname, dict):
            self.update(fieldname)
        else:
            self.set(fieldname, value)
        if update_modified and (self.doctype, self.name) not in frappe.flags.currently_saving:
            self.modified, self.modified_by = now(), frappe.session.user
        if not self.get_doc_before_save():
            self.load_doc_before_save()
        self.run_method("before_change")
        if self.name is None:
            return
        changes = fieldname if isinstance(fieldname, dict) else {fieldname: value}
        stamp = {
            "modified": self.modified,
            "modified_by": self.modified_by,
            "update_modified": update_modified,
        }
        if self.meta.issingle:
            frappe.db.set_single_value(self.doctype, changes, **stamp)
        else:
            frappe.db.set_value(self.doctype, self.name, changes, **stamp)
        self.run_method("on_change")
        if commit:
            frappe.db.commit()

    def db_get(self, fieldname: str):
        return frappe.db.get_value(self.doctype, self.name, fieldname)


def get_doc(*args, **kwargs) -> Document:
    """A document from its type and name, or built from a dict (or keyword arguments)."""
    if args:
        first = args[0]
        if isinstance(first, BaseDocument):
            return first
        if isinstance(first, str):
            doctype = first
        elif isinstance(first, dict):
            kwargs = first
        else:
            raise ValueError("First non keyword argument must be a string or dict")
    if not args or not isinstance(args[0], str):
        doctype = kwargs.get("doctype")
        if not doctype:
            raise ValueError('"doctype" is a required key')
    controller = get_controller(doctype)
    return controller(*args, **kwargs) if args and isinstance(args[0], str) else controller(kwargs)


def bulk_insert(doctype: str, documents, ignore_duplicates=False, chunk_size=10_000) -> None:
    """INSERTs many rows without events; child rows too."""
    for document in documents:
        document.set_new_name()
        document.set_parent_in_children()
        for row in [document, *document.get_all_children()]:
            row.db_insert(ignore_if_duplicate=ignore_duplicates)
