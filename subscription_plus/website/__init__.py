"""The website: what its pages share. The pages themselves lie in `www/`, their looks in `templates/portal/`.

How a page is made
- `www/…/page.html` extends `subscription_plus/templates/portal/base.html`, which extends Frappe's `templates/web.html`:
  the site's own theme applies. Frappe does not escape what templates print: every block of ours begins with
  `{% autoescape true %}`, every macro too.
- `www/…/page.py` sets `no_cache = 1` and calls `page.open_page(context, title, …)` first; a page of one's own calls
  `caller.require_login()` before that, and asks `caller.customers()` or `caller.own(…)` for what it shows.

How a form works, without JavaScript
- A form posts to a whitelisted function below `website/`, wrapped by `@form(back=…)` (see `forms.py`), never to the
  page itself: Frappe turns an error on a page into an error page and commits what was written until then, while an
  endpoint is rolled back whole.
- The function checks the right, does one thing, and returns the address to go on to; the browser is redirected there
  (post, redirect, get), so that going back or reloading does nothing twice.
- What there is to say travels in a flash: kept for minutes under a random cookie, shown by the next page. A refusal
  leads back to the form, with its words and what was filled in.
- The form macro brings the CSRF token along; a session that was given one must show it (Frappe checks).
- What changes an amount is first shown on a review page: same form, its button leads on.

Who may do what is decided here and in `sp_*`, never in a template. Functions here are for people and their forms;
programs use `api/`.
"""
