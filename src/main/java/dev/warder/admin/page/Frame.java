package dev.warder.admin.page;

/** The frame of the pages below {@code /admin/} that use the common style sheet, and their form to sign out. */
public final class Frame {
    public static final String FORM_TOKEN = "csrf";

    private Frame() {}

    /**
     * A page up to the beginning of its header, with the links to the other pages.
     *
     * @param title of the page
     * @param up the relative reference from the page to the folder {@code /admin/}; not empty
     * @param main the id of the page's main part
     * @param script whether its panels are replaced every few seconds
     */
    public static Html begin(String title, String up, String main, boolean script, Navigation place) {
        var html = new Html()
                .markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .markup("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .text(title)
                .markup(" - Warder</title>\n<link rel=\"stylesheet\"")
                .attribute("href", up + "page.css")
                .markup(">\n");
        if (script) {
            html.markup("<script").attribute("src", up + "page.js").markup(" defer></script>\n");
        }
        html.markup("</head>\n<body>\n<a class=\"skip\" href=\"#" + main + "\">Skip to the content</a>\n<header>\n");
        place.addTo(html, up);
        return html;
    }

    public static void signOut(Html html, String up, String formToken) {
        if (!formToken.isEmpty()) {
            html.markup("<form class=\"out\" method=\"post\"")
                    .attribute("action", up + "logout")
                    .markup(">");
            formToken(html, formToken);
            html.markup("<button>Sign out</button></form>\n");
        }
    }

    public static void formToken(Html html, String formToken) {
        if (!formToken.isEmpty()) {
            html.markup("<input type=\"hidden\" name=\"" + FORM_TOKEN + "\"")
                    .attribute("value", formToken)
                    .markup(">");
        }
    }
}
