"""`frappe.enqueue`: jobs run when the transaction has been committed, or on a worker thread.

`conf.enqueue` decides: "inline" (the default) runs a job at once, on a connection of its own, so that it sees
what is committed and keeps its own transaction; "worker" puts it on one of the threads that take jobs in
order. Until it is run, or while it runs, its `job_id` dedupes.
"""

import queue as queues
import threading
import time
from collections.abc import Callable

import frappe
from frappe import _
from frappe.database.sqlite import CallbackManager

RETRIES = 5
_TIMEOUTS = {"short": 300, "default": 300, "long": 1500}


class Job:
    """A job as `get_job` shows it."""

    def __init__(self, job_id: str, arguments: dict):
        self.id = job_id
        self.arguments = arguments
        self.status = "queued"

    def get_status(self) -> str:
        return self.status


class _Jobs:
    """The jobs of one site in this process that wait or run."""

    def __init__(self):
        self.open: dict[str, Job] = {}
        self.queue: queues.Queue[Job] = queues.Queue()
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None


def enqueue(
    method: str | Callable,
    queue: str = "default",
    timeout: int | None = None,
    event=None,
    is_async: bool = True,
    job_name: str | None = None,
    now: bool = False,
    enqueue_after_commit: bool = False,
    *,
    on_success: Callable | None = None,
    on_failure: Callable | None = None,
    at_front: bool = False,
    job_id: str | None = None,
    deduplicate: bool = False,
    **kwargs,
):
    """Has a function called later with `kwargs`, as the user of now. `deduplicate` needs a `job_id`."""
    if queue not in _TIMEOUTS:
        frappe.throw(_("Queue should be one of {0}").format(", ".join(_TIMEOUTS)))
    if deduplicate and not job_id:
        frappe.throw(_("`job_id` paramater is required for deduplication."))
    if deduplicate and is_job_enqueued(job_id):
        return None
    if now or (not is_async and not frappe.flags.in_test):
        return frappe.call(method, **kwargs)
    job = Job(
        create_job_id(job_id),
        {
            "site": frappe.local.site,
            "sites_path": frappe.local.sites_path,
            "user": frappe.session.user,
            "in_test": frappe.flags.in_test,
            "method": method,
            "job_name": job_name or _name_of(method),
            "kwargs": kwargs,
            "callbacks": (on_success, on_failure),
        },
    )
    if enqueue_after_commit:
        frappe.db.after_commit.add(lambda: _put(job))
        return None
    return _put(job)


def enqueue_doc(doctype: str, name=None, method=None, queue="default", timeout=300, now=False, **kwargs):
    """`enqueue` for a document's method."""
    path = "frappe.utils.background_jobs.run_doc_method"
    options = {"queue": queue, "timeout": timeout, "now": now}
    return enqueue(path, doctype=doctype, name=name, doc_method=method, **options, **kwargs)


def run_doc_method(doctype: str, name: str, doc_method: str, **kwargs) -> None:
    getattr(frappe.get_doc(doctype, name), doc_method)(**kwargs)


def create_job_id(job_id: str | None = None) -> str:
    return f"{frappe.local.site}::{job_id or frappe.generate_hash(length=20)}"


def get_job(job_id: str) -> Job | None:
    return _jobs().open.get(create_job_id(job_id))


def is_job_enqueued(job_id: str) -> bool:
    """Whether a job of this id waits or runs."""
    return get_job(job_id) is not None


def _jobs() -> _Jobs:
    process = frappe.local.process
    if not hasattr(process, "jobs"):
        process.jobs = _Jobs()
    return process.jobs


def _put(job: Job) -> Job:
    jobs = _jobs()
    with jobs.lock:
        jobs.open[job.id] = job
    if frappe.conf.enqueue == "worker":
        jobs.queue.put(job)
        with jobs.lock:
            if not jobs.thread or not jobs.thread.is_alive():
                jobs.thread = threading.Thread(target=_work, args=(jobs,), daemon=True, name="worker")
                jobs.thread.start()
        return job
    if frappe.db.in_transaction:
        # a second connection would wait for this one's lock for ever: run when it is released
        frappe.db.after_commit.add(lambda: _run_inline(jobs, job))
    else:
        _run_inline(jobs, job)
    return job


def _run_inline(jobs: _Jobs, job: Job) -> None:
    """Runs the job on a thread of its own, whose failure is the job's and not the caller's."""
    thread = threading.Thread(target=_run, args=(jobs, job), name="inline job")
    thread.start()
    thread.join()


def _work(jobs: _Jobs) -> None:
    while True:
        _run(jobs, jobs.queue.get())
        jobs.queue.task_done()


def wait_for_jobs(timeout: float = 60) -> None:
    """Returns when no job waits or runs any more. Raises TimeoutError."""
    jobs, until = _jobs(), time.monotonic() + timeout
    while jobs.open:
        if time.monotonic() > until:
            raise TimeoutError(f"Jobs still open: {', '.join(jobs.open)}")
        time.sleep(0.01)


def _run(jobs: _Jobs, job: Job) -> None:
    job.status = "started"
    try:
        execute_job(job.arguments)
        job.status = "finished"
    except Exception:
        job.status = "failed"  # told in the Error Log already
    finally:
        with jobs.lock:
            jobs.open.pop(job.id, None)


def execute_job(arguments: dict):
    """Runs one job with a connection of its own: committed when it returns, rolled back and logged when it raises."""
    for retry in range(RETRIES + 1):
        frappe.init(arguments["site"], sites_path=arguments["sites_path"])
        try:
            frappe.connect()
            frappe.flags.in_test = arguments["in_test"]
            frappe.set_user(arguments["user"])
            frappe.local.lang = frappe.translate.get_user_lang()
            return _call(arguments)
        except (frappe.RetryBackgroundJobError, frappe.QueryTimeoutError, frappe.QueryDeadlockError):
            if retry == RETRIES:
                raise
            time.sleep(0.05 * (retry + 1))
        finally:
            frappe.destroy()
    return None


def _call(arguments: dict):
    method = arguments["method"]
    function = frappe.get_attr(method) if isinstance(method, str) else method
    frappe.local.job = frappe._dict(
        site=frappe.local.site,
        method=_name_of(method),
        job_name=arguments["job_name"],
        kwargs=arguments["kwargs"],
        user=arguments["user"],
        after_job=CallbackManager(),
    )
    for hook in frappe.get_hooks("before_job"):
        frappe.call(hook, method=_name_of(method), kwargs=arguments["kwargs"], transaction_type="job")
    result = None
    try:
        result = function(**arguments["kwargs"])
    except (frappe.RetryBackgroundJobError, frappe.QueryTimeoutError, frappe.QueryDeadlockError):
        frappe.db.rollback()
        raise
    except Exception:
        frappe.db.rollback()
        frappe.log_error(title=_name_of(method))
        frappe.db.commit()
        raise
    else:
        frappe.db.commit()
        return result
    finally:
        for hook in frappe.get_hooks("after_job"):
            frappe.call(hook, method=_name_of(method), kwargs=arguments["kwargs"], result=result)
        frappe.local.job.after_job.run()


def _name_of(method) -> str:
    return method if isinstance(method, str) else f"{method.__module__}.{method.__qualname__}"


def get_jobs(site=None, queue=None, key: str = "method") -> dict:
    """The open jobs' methods (or another key) by site."""
    found: dict = {}
    for job in list(_jobs().open.values()):
        found.setdefault(job.arguments["site"], []).append(job.arguments.get(key))
    return found
