package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of the API's list of models, as a scan finds it: where its models are, and whether further pages follow. One
 * thread at a time.
 */
final class ModelList implements JsonHandler {
    private static final int TOP = 1;
    private static final int LIST = 2;
    private static final int MODEL = 3;

    /** Each entry can be as large as the page, and the operator can have a thousand aliases for one model. */
    private static final int MOST_APPENDED = 1 << 20;

    private enum Member {
        DATA,
        HAS_MORE,
        ID,
        OTHER
    }

    /** A model's object and its id in the page. */
    private record Place(long from, long to, long idFrom, long idTo) {}

    private final Chunks page;
    private final Map<String, Place> models = new HashMap<>();
    private int depth;
    private Member member = Member.OTHER;
    private boolean inData;
    private boolean isEmpty = true;
    private boolean isLast;
    /** The list's closing bracket; 0 when there is no list, negative when there are several. */
    private long bracket;

    private long modelFrom;
    private long idFrom;
    private long idTo;

    /** @param page what is scanned */
    ModelList(Chunks page) {
        this.page = page;
    }

    /** The change that appends the aliases which the page does not list: none where further pages follow. */
    List<Splice> append(Map<String, String> aliases) {
        var appended = new ByteArrayOutputStream();
        for (var each : aliases.entrySet()) {
            if (appended.size() > MOST_APPENDED) {
                return List.of();
            }
            if (!models.containsKey(each.getKey())) {
                if (!isEmpty || appended.size() > 0) {
                    appended.write(',');
                }
                appended.writeBytes(entry(each.getKey(), models.get(each.getValue())));
            }
        }
        return isLast && bracket > 0 && appended.size() > 0
                ? List.of(Splice.insert(bracket, appended.toByteArray()))
                : List.of();
    }

    /** The model's own entry under the alias, or what is known of a model that the page does not list. */
    private byte[] entry(String alias, @Nullable Place model) {
        return model == null
                ? JsonDocuments.bytes(ListedAlias.of(alias))
                : Splice.apply(
                        page.copy(model.from, model.to),
                        List.of(new Splice(
                                model.idFrom - model.from, model.idTo - model.from, JsonText.literal(alias))));
    }

    @Override
    public void open(JsonKind kind, long at) {
        if (depth == TOP) {
            inData = member == Member.DATA && kind == JsonKind.ARRAY;
        } else if (depth == LIST && inData) {
            isEmpty = false;
            modelFrom = at;
            idTo = 0;
        }
        member = Member.OTHER;
        depth++;
    }

    @Override
    public void close(JsonKind kind, long at) {
        depth--;
        if (depth == TOP && inData) {
            bracket = bracket == 0 ? at : -1;
            inData = false;
        } else if (depth == LIST && inData && idTo > 0) {
            models.put(new JsonText(page, idFrom, idTo).value(), new Place(modelFrom, at + 1, idFrom, idTo));
        }
    }

    @Override
    public void name(long from, long to) {
        var name = new JsonText(page, from, to);
        member = Member.OTHER;
        if (depth == TOP) {
            member = name.is("data") ? Member.DATA : name.is("has_more") ? Member.HAS_MORE : Member.OTHER;
        } else if (depth == MODEL && inData) {
            member = name.is("id") ? Member.ID : Member.OTHER;
        }
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        if (depth == TOP && member == Member.HAS_MORE) {
            isLast = kind == JsonKind.FALSE;
        } else if (depth == LIST && inData) {
            isEmpty = false;
        } else if (depth == MODEL && member == Member.ID && kind == JsonKind.STRING) {
            idFrom = from;
            idTo = to;
        }
        member = Member.OTHER;
    }
}
