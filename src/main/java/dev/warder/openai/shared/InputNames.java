package dev.warder.openai.shared;

import dev.warder.json.JsonText;
import java.util.BitSet;
import java.util.Map;

/**
 * Puts the client's names of properties back into the input of a tool. Only the names of members are replaced, and only those
 * that were sent in place of the client's; all other text passes as it is. A name is held until it ends. One thread at a time.
 */
final class InputNames implements InputText {
    /** Characters of a literal that may be a name to replace: the longest name, with each character escaped. */
    private static final int LONGEST_LITERAL = 6 * PropertyNames.LONGEST + 1;

    private final Map<String, String> clients;
    private StringBuilder out = new StringBuilder();

    /** The literal of a name that has begun and not ended; empty outside a name. */
    private final StringBuilder name = new StringBuilder();

    /** Which of the open braces and brackets are braces. */
    private final BitSet objects = new BitSet();

    private int depth;
    private boolean expectsName;
    private boolean inString;
    private boolean escaped;

    /** @param clients the client's names by those that were sent */
    InputNames(Map<String, String> clients) {
        this.clients = clients;
    }

    @Override
    public String feed(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            boolean begins = !inString && c == '"' && expectsName;
            (begins || name.length() > 0 ? name : out).append(c);
            if (inString) {
                string(c);
            } else {
                structure(c);
            }
        }
        int ready = out.length();
        return take(ready > 0 && Character.isHighSurrogate(out.charAt(ready - 1)) ? ready - 1 : ready);
    }

    @Override
    public String end() {
        passName();
        return take(out.length());
    }

    @Override
    public long kept() {
        return (long) name.length() + objects.size() / Byte.SIZE;
    }

    private String take(int count) {
        String ready = out.substring(0, count);
        out = new StringBuilder(out.substring(count));
        return ready;
    }

    private void string(char c) {
        if (c == '"' && !escaped) {
            inString = false;
            endName();
        } else if (name.length() > LONGEST_LITERAL) {
            passName();
        }
        escaped = c == '\\' && !escaped;
    }

    private void endName() {
        if (name.length() > 0) {
            byte[] literal = JsonText.utf8(name.toString());
            String client = clients.get(JsonText.text(literal, 0, literal.length));
            out.append(client == null ? name : JsonText.quote(client));
            name.setLength(0);
        }
    }

    private void passName() {
        out.append(name);
        name.setLength(0);
    }

    private void structure(char c) {
        switch (c) {
            case '"' -> inString = true;
            case '{', '[' -> objects.set(depth++, c == '{');
            case '}', ']' -> depth = Math.max(0, depth - 1);
            default -> {}
        }
        boolean begins = c == '{' || c == ',';
        boolean isSpace = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        expectsName = begins && depth > 0 && objects.get(depth - 1) || isSpace && expectsName;
    }
}
