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
import java.util.List;
import java.util.Optional;

/** The page with all access tokens, and the table of those of a client. One thread at a time. */
final class TokenList {
    private static final String REVOKED = "revoked";
    private static final String SHOW = "show";

    private final PageRequest request;
    private final PrincipalView view;
    private final Paging paging;

    private TokenList(PageRequest request, PrincipalView view, Paging paging) {
        this.request = request;
        this.view = view;
        this.paging = paging;
    }

    static PageReply of(PageRequest request, PrincipalView view, Instant now, boolean inUse) {
        return Paging.of(request.query(), REVOKED)
                .<PageReply>map(
                        paging -> new PageReply.Shown(200, new TokenList(request, view, paging).page(now, inUse)))
                .orElseGet(Paging::refusal);
    }

    private String page(Instant now, boolean inUse) {
        boolean all = paging.other().equals(SHOW);
        var found = view.tokens(token -> isFound(token, all), TokenList::order, paging.after(), Paging.ROWS);
        var search = new Sheet.Search("Name, id or client has", request.target(), paging.part());
        var sheet = new Sheet(request, Navigation.TOKENS, "Tokens", Optional.of(search));
        PageTexts.notInUse(sheet, inUse);
        sheet.begin("list", "full", counts(found.found(), all), () -> links(sheet, all));
        if (!found.items().isEmpty()) {
            table(sheet, found.items(), true, now);
        }
        paging.links(sheet, request.target(), REVOKED, found.last());
        sheet.html()
                .markup("<p class=\"none\">A token is created on the page of its client. Tokens of")
                .markup(" <code>clients.file</code> are not listed here.</p>\n");
        sheet.end();
        return sheet.page();
    }

    private String counts(int found, boolean all) {
        return Sheet.count(found, "token", "tokens")
                + (paging.part().isEmpty() ? "" : " found")
                + (all ? ", with those that are revoked" : ", without those that are revoked");
    }

    private void links(Sheet sheet, boolean all) {
        String part = "?find=" + Paging.encoded(paging.part());
        sheet.link("tokens" + part + (all ? "" : "&" + REVOKED + "=" + SHOW), all ? "Hide revoked" : "Show revoked");
        if (!paging.part().isEmpty()) {
            sheet.link("tokens", "Show all");
        }
    }

    private boolean isFound(StoredToken token, boolean all) {
        return (all || token.revokedAt().isEmpty())
                && (paging.part().isEmpty() || paging.finds(List.of(token.name(), token.id(), token.client())));
    }

    static String order(StoredToken token) {
        return token.name() + "/" + token.id();
    }

    static void table(Sheet sheet, List<TokenDocument> tokens, boolean withClient, Instant now) {
        if (withClient) {
            sheet.beginTable(
                    "tokens", "Access tokens", "Name", "Id", "Client", "Rights", "Limited to", "Expires", "State");
        } else {
            sheet.beginTable("tokens", "Access tokens", "Name", "Id", "Rights", "Limited to", "Expires", "State");
        }
        for (var token : tokens) {
            var terms = token.terms();
            sheet.row(new PageTarget.OneToken(token.id()).reference(), token.name());
            sheet.whole(token.id());
            if (withClient) {
                String client = token.client();
                sheet.html().markup("<td>");
                sheet.link(new PageTarget.OneObject(PolicyName.client(client)).reference(), client);
                sheet.html().markup("</td>");
            }
            sheet.cell(DefinitionText.list(terms, "rights", "usual"));
            sheet.cell(limitedTo(terms));
            sheet.whole(Sheet.time(DefinitionText.cut(JsonTree.text(terms, "expires"))));
            sheet.whole(state(token, now));
            sheet.endRow();
        }
        sheet.endTable();
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
        String expires = JsonTree.text(token.terms(), "expires");
        return isOver(expires, now) ? "expired" : "active";
    }

    private static boolean isOver(String time, Instant now) {
        try {
            return !time.isEmpty() && !TokenTerms.time(time).isAfter(now);
        } catch (InvalidValueException noTime) {
            return false;
        }
    }
}
