package dev.warder.admin.page;

import dev.warder.policy.PolicyKind;
import java.util.Optional;

/** The page with the form for a new object. */
final class NewObjectPage {
    private NewObjectPage() {}

    static PageReply of(PageRequest request, PolicyKind kind, Draft draft) {
        var sheet = new Sheet(request, ObjectList.place(kind), "New " + kind.word(), Optional.empty());
        sheet.begin("definition-part", "wider", "Definition");
        sheet.error(draft.problemOf(Draft.Part.DEFINITION));
        sheet.beginForm(new PageTarget.NewObject(kind));
        String text = draft.is(Draft.Part.DEFINITION)
                ? PrettyJson.visible(draft.text(ObjectForms.DEFINITION))
                : Words.template(kind);
        JsonField.add(sheet, ObjectForms.DEFINITION, "Definition in JSON", text, "Members: " + Words.members(kind));
        sheet.html()
                .markup("<p><button class=\"first\" name=\"action\" value=\"" + ObjectForms.CREATE
                        + "\">Create</button></p></form>\n");
        sheet.end();
        return new PageReply.Shown(draft.status(), sheet.page());
    }
}
