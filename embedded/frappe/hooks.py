"""The hooks of the framework itself."""

app_name = "frappe"
app_title = "Framework"

ignore_links_on_delete = [
    "Communication",
    "ToDo",
    "DocShare",
    "Email Unsubscribe",
    "Activity Log",
    "File",
    "Version",
    "Document Follow",
    "Comment",
    "View Log",
    "Access Log",
    "Error Log",
    "Email Queue",
    "Scheduled Job Log",
]

has_permission = {"File": "frappe.core.file.has_permission"}
permission_query_conditions = {"File": "frappe.core.file.get_permission_query_conditions"}
