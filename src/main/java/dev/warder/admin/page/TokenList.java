package dev.warder.admin.page;

import dev.warder.config.InvalidValueException;
import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.policy.StoredToken;
import dev.warder.policy.TokenTerms;
import dev.warder.principal.PrincipalView;
import dev.warder.principal.TokenDocument;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The page with all access tokens, and the table of those of a client. One thread at a time. */
record TokenList(PageRequest request, PrincipalView view, Paging paging) {
    private static final String REVOKED = "revoked";
    private static final String SHOW = "show";

    static PageReply of(PageRequest request, PrincipalView view, Instant now, boolean inUse) {
        return Paging.of(request, REVOKED)
                .map(paging -> new TokenList(request, view, paging).page(now, inUse))
                .orElseGet(Paging::refusal);
    }

    private PageReply page(Instant now, boolean inUse) {
        boolean all = paging.other().equals(SHOW);
        var found = view.tokens(token -> isFound(token, all), TokenList::order, paging.after(), Paging.ROWS);
        var search = paging.search(request, "Name, id or client has");
        var sheet = new Sheet(request, Navigation.TOKENS, "Tokens", search);
        sheet.notInUse(inUse);
        String counts = Sheet.count(found.found(), "token", "tokens")
                + (paging.part().isEmpty() ? "" : " found")
                + (all ? ", with those that are revoked" : ", without those that are revoked");
        var hint = Html.of("<p class=\"none\">A token is created on the page of its client. Tokens of"
                + " <code>clients.file</code> are not listed here.</p>\n");
        sheet.list(
                counts,
                links(sheet, all),
                table(sheet, found.items(), true, now),
                paging.links(sheet, request.target(), found.last()),
                hint);
        return sheet.reply(200);
    }

    private Html links(Sheet sheet, boolean all) {
        String part = "tokens?find=" + Paging.encoded(paging.part());
        var revoked =
                all ? sheet.link(part, "Hide revoked") : sheet.link(part + "&" + REVOKED + "=" + SHOW, "Show revoked");
        return paging.part().isEmpty() ? revoked : revoked.add(sheet.link("tokens", "Show all"));
    }

    private boolean isFound(StoredToken token, boolean all) {
        return (all || token.revokedAt().isEmpty())
                && (paging.part().isEmpty() || paging.finds(token.name(), token.id(), token.client()));
    }

    static String order(StoredToken token) {
        return token.name() + "/" + token.id();
    }

    /** Nothing without tokens. */
    static Html table(Sheet sheet, List<TokenDocument> tokens, boolean withClient, Instant now) {
        var table = withClient
                ? Table.with("Name", "Id", "Client", "Rights", "Limited to", "Expires", "State")
                : Table.with("Name", "Id", "Rights", "Limited to", "Expires", "State");
        for (var token : tokens) {
            var terms = token.terms();
            var client = new PageTarget.OneObject(PolicyName.client(token.client()));
            var row = new ArrayList<Cell>();
            row.add(Cell.html(sheet.link(new PageTarget.OneToken(token.id()), token.name())));
            row.add(Cell.whole(token.id()));
            if (withClient) {
                row.add(Cell.html(sheet.link(client, token.client())));
            }
            row.add(Cell.text(DefinitionText.list(terms, "rights", "usual")));
            row.add(Cell.text(limitedTo(terms)));
            row.add(Cell.whole(Sheet.time(DefinitionText.cut(JsonTree.text(terms, "expires")))));
            row.add(Cell.whole(state(token, now)));
            table.row(row);
        }
        return table.list("tokens", "Access tokens");
    }

    private static String limitedTo(JsonObject terms) {
        var parts = List.of("models", "paths", "networks", "tags").stream()
                .filter(terms::containsKey)
                .map(member -> member + " " + DefinitionText.list(terms, member, ""))
                .toList();
        return parts.isEmpty() ? "-" : String.join("; ", parts);
    }

    static String state(TokenDocument token, Instant now) {
        if (token.revokedAt().isPresent()) {
            return "revoked";
        }
        return isOver(JsonTree.text(token.terms(), "expires"), now) ? "expired" : "active";
    }

    private static boolean isOver(String time, Instant now) {
        try {
            return !time.isEmpty() && !TokenTerms.time(time).isAfter(now);
        } catch (InvalidValueException noTime) {
            return false;
        }
    }
}
