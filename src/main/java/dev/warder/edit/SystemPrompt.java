package dev.warder.edit;

import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.json.BodyCosts.BodyThread;
import dev.warder.json.JsonException;
import dev.warder.json.JsonKind;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonScanner;
import dev.warder.json.JsonText;
import dev.warder.json.RequestEdit;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Inserts the operator's text into {@code system} as a separate text block. The block comes first, but after a leading
 * attribution block, which must stay first, alone and unchanged. A request that has the text already stays byte for
 * byte unchanged. So does one whose {@code system} is neither text nor a list, because the upstream decides about it.
 * Thread-safe.
 */
public final class SystemPrompt implements RequestEdit {
    static final String ATTRIBUTION = "x-anthropic-billing-header";
    private static final String TEXT_BLOCK = "{\"type\":\"text\",\"text\":";

    private final String text;
    private final String block;

    /** Creates a prompt with this text, which must not be blank: the upstream refuses blank blocks. */
    public SystemPrompt(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the text is blank");
        }
        this.text = text;
        this.block = TEXT_BLOCK + JsonText.quote(text) + "}";
    }

    @Override
    public List<Splice> splices(JsonOutline outline, Chunks body) {
        if (outline.costs().thread().filter(BodyThread::continues).isPresent()) {
            // The API takes the system prompt from the thread, and refuses another one.
            return List.of();
        }
        JsonOutline.Member system = outline.system();
        return switch (system.kind()) {
            case ABSENT -> {
                String comma = outline.hasMembers() ? "," : "";
                yield List.of(insert(outline.closingBrace(), comma + "\"system\":[" + block + "]"));
            }
            case NULL -> alone(system);
            case STRING -> string(system, new JsonText(body, system.from(), system.to()));
            case ARRAY -> array(system, SystemBlocks.of(body, system, text));
            default -> List.of();
        };
    }

    private List<Splice> alone(JsonOutline.Member system) {
        return List.of(new Splice(system.from(), system.to(), utf8("[" + block + "]")));
    }

    private List<Splice> string(JsonOutline.Member system, JsonText found) {
        if (found.is("")) {
            return alone(system);
        }
        if (found.is(text)) {
            return List.of();
        }
        return found.startsWith(ATTRIBUTION)
                ? around(system, "[" + TEXT_BLOCK, "}," + block + "]")
                : around(system, "[" + block + "," + TEXT_BLOCK, "}]");
    }

    private List<Splice> array(JsonOutline.Member system, SystemBlocks blocks) {
        if (blocks.hasText) {
            return List.of();
        }
        if (blocks.startWithAttribution) {
            return List.of(insert(blocks.firstEnd, "," + block));
        }
        return List.of(insert(system.from() + 1, blocks.items == 0 ? block : block + ","));
    }

    private static List<Splice> around(JsonOutline.Member system, String before, String after) {
        return List.of(insert(system.from(), before), insert(system.to(), after));
    }

    private static Splice insert(long position, String json) {
        return Splice.insert(position, utf8(json));
    }

    private static byte[] utf8(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The relevant facts of a {@code system} that is a list: whether one of its text blocks holds a certain text, and
     * whether an attribution block is first. Members of a block are found by their decoded names in any order. One thread
     * at a time.
     */
    static final class SystemBlocks implements JsonScanner.Handler {
        private static final int ITEM = 1;
        private static final int MEMBER = 2;

        private final Chunks body;
        private final String text;
        private int depth;
        private int items;
        private String name = "";
        private boolean isText;
        private boolean isSame;
        private boolean isAttribution;
        /** Whether any text block holds exactly the text. */
        private boolean hasText;

        /** Whether the first item is a text block that starts like an attribution block. */
        private boolean startWithAttribution;

        /** The position after the first item, if that is a text block. */
        private long firstEnd;

        private SystemBlocks(Chunks body, String text) {
            this.body = body;
            this.text = text;
        }

        static SystemBlocks of(Chunks body, JsonOutline.Member array, String text) {
            SystemBlocks blocks = new SystemBlocks(body, text);
            try {
                JsonScanner.scan(body, array.from(), array.to(), blocks);
            } catch (JsonException otherBody) {
                throw new IllegalArgumentException("not the outline of this body", otherBody);
            }
            return blocks;
        }

        @Override
        public void open(JsonKind kind, long at) {
            if (depth == ITEM) {
                items++;
                name = "";
                isText = false;
                isSame = false;
                isAttribution = false;
            }
            depth++;
        }

        @Override
        public void close(JsonKind kind, long at) {
            depth--;
            if (depth == ITEM && isText) {
                hasText |= isSame;
                if (items == 1) {
                    startWithAttribution = isAttribution;
                    firstEnd = at + 1;
                }
            }
        }

        @Override
        public void name(long from, long to) {
            if (depth == MEMBER) {
                JsonText found = new JsonText(body, from, to);
                name = found.is("type") ? "type" : found.is("text") ? "text" : "";
            }
        }

        @Override
        public void scalar(JsonKind kind, long from, long to) {
            if (depth == ITEM) {
                items++;
            } else if (depth == MEMBER && kind == JsonKind.STRING) {
                member(new JsonText(body, from, to));
            }
        }

        private void member(JsonText value) {
            if (name.equals("type")) {
                isText = value.is("text");
            } else if (name.equals("text")) {
                isSame = value.is(text);
                isAttribution = value.startsWith(SystemPrompt.ATTRIBUTION);
            }
        }
    }
}
