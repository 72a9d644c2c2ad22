// What the website's pages do better with JavaScript; without it everything works too.

document.addEventListener("DOMContentLoaded", () => {
    // On a phone the account's navigation is a strip: bring the current page's entry into view.
    const strip = document.querySelector(".sp-nav");
    const current = strip?.querySelector("[aria-current]");
    if (strip && current) strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2;

    // A form that was sent is not sent twice by a second click.
    for (const form of document.querySelectorAll(".sp-portal form[method=post]")) {
        form.addEventListener("submit", (event) => {
            if (form.dataset.sent) event.preventDefault();
            form.dataset.sent = "1";
        });
    }
    // Coming back by the browser's Back button, the page must be usable again.
    window.addEventListener("pageshow", () => {
        for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
    });
});
