package dev.warder.openai.responses;

import dev.warder.json.JsonText;
import dev.warder.openai.shared.Pieces;

/** The id and the index of an item in the output, the same in all of its events. Immutable. */
final class ItemReference {
    private final String id;
    final int index;
    final byte[] members;

    ItemReference(String id, int index) {
        this.id = id;
        this.index = index;
        this.members = JsonText.utf8(",\"item_id\":" + JsonText.quote(id) + ",\"output_index\":" + index);
    }

    /** The beginning of the item: its opening brace, and the members {@code type} and {@code id}. */
    String head(String type) {
        return "{\"type\":\"" + type + "\",\"id\":" + JsonText.quote(id);
    }

    byte[] members(String name, int part) {
        byte[] partMember = JsonText.utf8(",\"" + name + "\":" + part);
        return new Pieces().add(members).add(partMember).bytes();
    }
}
