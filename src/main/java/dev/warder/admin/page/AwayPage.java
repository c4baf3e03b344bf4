package dev.warder.admin.page;

import dev.warder.http.ErrorReply;
import dev.warder.http.Form;
import java.util.List;
import java.util.Optional;

/** The page for a form that could not be handled now, which can be sent again as it is. */
final class AwayPage {
    private AwayPage() {}

    static PageReply of(PageRequest request, Form form, ErrorReply refusal) {
        var sheet = new Sheet(request, place(request.target()), "Not done", Optional.empty());
        sheet.error(refusal.message());
        sheet.begin("again", "wider", "What you sent");
        sheet.beginForm(request.target());
        for (var field : List.of(ObjectForms.REVISION, ObjectForms.TOKEN_NAME, ObjectForms.EXPIRES, JsonField.SURE)) {
            if (!form.value(field).isEmpty()) {
                sheet.hidden(field, form.value(field));
            }
        }
        for (var field : List.of(ObjectForms.DEFINITION, ObjectForms.TERMS)) {
            if (!form.value(field).isEmpty()) {
                JsonField.add(sheet, field, "JSON", PrettyJson.visible(form.value(field)), "It can be sent again.");
            }
        }
        sheet.html()
                .markup("<p><button class=\"first\" name=\"action\"")
                .attribute("value", request.field(ObjectForms.ACTION))
                .markup(">Send again</button></p></form>\n");
        sheet.end();
        return new PageReply.Shown(refusal.status(), sheet.page());
    }

    /** Where a page belongs to. */
    static Navigation place(PageTarget target) {
        if (target instanceof PageTarget.Objects objects) {
            return ObjectList.place(objects.kind());
        }
        if (target instanceof PageTarget.Limits) {
            return Navigation.LIMITS;
        }
        if (target instanceof PageTarget.Audit) {
            return Navigation.AUDIT;
        }
        if (target instanceof PageTarget.OneObject one) {
            return ObjectList.place(one.name().kind());
        }
        return target instanceof PageTarget.NewObject made ? ObjectList.place(made.kind()) : Navigation.TOKENS;
    }
}
