package dev.warder.admin.page;

import dev.warder.json.JsonTree;
import dev.warder.policy.PolicyName;
import dev.warder.principal.Administration;
import jakarta.json.JsonObject;
import java.util.Optional;

/** The page that shows a new access token, once. */
final class SecretPage {
    private SecretPage() {}

    static PageReply of(PageRequest request, PolicyName client, Administration.Created created) {
        var sheet = new Sheet(request, Navigation.TOKENS, "New access token", Optional.empty());
        var token = JsonTree.parseObject(created.result().document()).orElse(JsonObject.EMPTY_JSON_OBJECT);
        sheet.begin("secret-part", "full", "Copy it now");
        var html = sheet.html()
                .markup("<p role=\"status\">This is the access token ")
                .element("b", JsonTree.text(token, "name"))
                .markup(" of ");
        sheet.link(new PageTarget.OneObject(client).reference(), client.name());
        html.markup(". It is shown only this once: Warder keeps no copy, only a hash.</p>\n<p class=\"secret\"><code>");
        created.secret().ifPresent(secret -> html.text(secret.reveal()));
        html.markup("</code></p>\n<p class=\"more\">");
        sheet.link(new PageTarget.OneToken(JsonTree.text(token, "id")).reference(), "Its terms");
        html.markup(" ");
        sheet.link(new PageTarget.OneObject(client).reference(), "Back to the client");
        html.markup("</p>\n");
        sheet.end();
        return new PageReply.Shown(200, sheet.page());
    }
}
