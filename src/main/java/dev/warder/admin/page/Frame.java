package dev.warder.admin.page;

/**
 * The frame of the pages below {@code /admin/} that use the common style sheet. Immutable.
 *
 * @param up the relative reference from the page to the folder {@code /admin/}; not empty
 * @param formToken the token of the session's forms; empty for a page without forms
 */
record Frame(Navigation place, String up, String formToken) {
    static final String END = "</main>\n</body>\n</html>\n";

    /** The frame of a page in the folder itself. */
    static Frame of(Navigation place, String formToken) {
        return new Frame(place, "./", formToken);
    }

    /** The beginning of a page whose main part consists of panels; see {@link #begin}. */
    Html panels(String heading, Html tools, String from) {
        return begin(place.title, heading, tools, "panels", from);
    }

    /**
     * A page down to the beginning of its main part.
     *
     * @param tools what follows the heading
     * @param main the id of the main part
     * @param from where the page's script finds the main part again, every few seconds; empty for no script
     */
    Html begin(String title, String heading, Html tools, String main, String from) {
        boolean hasScript = !from.isEmpty();
        return Html.of(
                        """
                        <!DOCTYPE html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <title>{} - Warder</title>
                        <link rel="stylesheet" href="{}page.css">
                        {}</head>
                        <body>
                        <a class="skip" href="#{}">Skip to the content</a>
                        <header>
                        {}<h1>{}</h1>
                        {}{}</header>
                        """,
                        title,
                        up,
                        Html.when(hasScript, "<script src=\"{}page.js\" defer></script>\n", up),
                        main,
                        place.links(up),
                        heading,
                        tools,
                        signOut())
                .markup("<main id=\"{}\" tabindex=\"-1\"{}>\n", main, Html.when(hasScript, " data-from=\"{}\"", from));
    }

    private Html signOut() {
        return Html.when(
                !formToken.isEmpty(),
                "<form class=\"out\" method=\"post\" action=\"{}logout\">{}<button>Sign out</button></form>\n",
                up,
                formToken(formToken));
    }

    /** The field that proves that a form comes from a page of this session. */
    static Html formToken(String formToken) {
        return formToken.isEmpty() ? new Html() : Html.hidden(PageRequest.FORM_TOKEN, formToken);
    }

    /** Without the token, which permits actions. */
    @Override
    public String toString() {
        return "Frame[" + place + "]";
    }
}
