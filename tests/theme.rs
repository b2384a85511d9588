//! The default theme in a browser: what readers can do with keyboard, pointer, and without scripts.

mod browser;

use browser::Browser;

#[test]
fn probe() {
    let Some(mut browser) = Browser::start() else { return };
    let mut page = browser.page();
    page.goto("data:text/html,<title>x</title><p>hi");
    assert_eq!(page.eval("document.title"), "x");
    assert!(page.pdf().starts_with(b"%PDF"));
}
