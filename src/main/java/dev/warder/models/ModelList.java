package dev.warder.models;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.JsonDocuments;
import dev.warder.json.JsonHandler;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of the API's list of models, as a scan finds it: where its models are, and whether further pages follow. One
 * thread at a time.
 */
final class ModelList implements JsonHandler {
    private static final int TOP = 1;
    private static final int LIST = 2;
    private static final int MODEL = 3;

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** Each entry can be as large as the page, and the operator can have a thousand aliases for one model. */
    private static final int MOST_APPENDED = 1 << 20;

    private enum Member {
        DATA,
        HAS_MORE,
        FIRST_ID,
        LAST_ID,
        ID,
        OTHER
    }

    /** A model's object and its id in the page. */
    private record Place(long from, long to, long idFrom, long idTo) {}

    private final Chunks page;
    private final Map<String, Place> models = new LinkedHashMap<>();
    /** The values of {@code first_id} and {@code last_id}, where they are. */
    private final Map<Member, Splice> cursors = new EnumMap<>(Member.class);

    private int depth;
    private Member member = Member.OTHER;
    private boolean inData;
    private boolean isEmpty = true;
    private boolean isLast;
    /** The list's closing bracket; 0 when there is no list, negative when there are several. */
    private long bracket;

    private long listFrom;
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

    /**
     * The changes that leave only these names in the list, those of aliases included, which are appended as by {@link #append}.
     * Where no further page follows, {@code first_id} and {@code last_id} name no other model either; before that they are needed
     * to ask for the next page.
     *
     * @return empty where the page does not have exactly one list
     */
    Optional<List<Splice>> restrict(Predicate<String> listed, Map<String, String> aliases) {
        if (bracket <= 0) {
            return Optional.empty();
        }
        var kept = new LinkedHashMap<>(models);
        kept.keySet().removeIf(listed.negate());
        var permitted = new LinkedHashMap<>(aliases);
        permitted.keySet().removeIf(listed.negate());
        var entries = new ByteArrayOutputStream();
        kept.values().forEach(model -> {
            if (entries.size() > 0) {
                entries.write(',');
            }
            entries.writeBytes(page.copy(model.from, model.to));
        });
        isEmpty = kept.isEmpty();
        append(permitted).forEach(added -> entries.writeBytes(added.replacement()));
        var changes = new ArrayList<Splice>();
        changes.add(new Splice(listFrom, bracket, entries.toByteArray()));
        if (isLast) {
            changes.addAll(cursors(List.copyOf(kept.keySet())));
        }
        changes.sort(Comparator.comparingLong(Splice::from));
        return Optional.of(changes);
    }

    private List<Splice> cursors(List<String> ids) {
        var changes = new ArrayList<Splice>();
        cursors.forEach((cursor, place) -> {
            byte[] id =
                    ids.isEmpty() ? NULL : JsonText.literal(ids.get(cursor == Member.FIRST_ID ? 0 : ids.size() - 1));
            changes.add(new Splice(place.from(), place.to(), id));
        });
        return changes;
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
            listFrom = inData ? at + 1 : listFrom;
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
            member = topLevel(name);
        } else if (depth == MODEL && inData) {
            member = name.is("id") ? Member.ID : Member.OTHER;
        }
    }

    @Override
    public void scalar(JsonKind kind, long from, long to) {
        if (depth == TOP && member == Member.HAS_MORE) {
            isLast = kind == JsonKind.FALSE;
        } else if (depth == TOP && (member == Member.FIRST_ID || member == Member.LAST_ID)) {
            cursors.put(member, new Splice(from, to, NULL));
        } else if (depth == LIST && inData) {
            isEmpty = false;
        } else if (depth == MODEL && member == Member.ID && kind == JsonKind.STRING) {
            idFrom = from;
            idTo = to;
        }
        member = Member.OTHER;
    }

    private static Member topLevel(JsonText name) {
        if (name.is("data")) {
            return Member.DATA;
        } else if (name.is("has_more")) {
            return Member.HAS_MORE;
        } else if (name.is("first_id")) {
            return Member.FIRST_ID;
        }
        return name.is("last_id") ? Member.LAST_ID : Member.OTHER;
    }
}
