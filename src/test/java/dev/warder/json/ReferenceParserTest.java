package dev.warder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The scanner against Parsson on random documents, whole and damaged. Parsson reads characters, so bytes that are no UTF-8
 * are refused before it; half surrogate pairs, which it lets pass, are refused behind it. The documents stay far from the
 * limits of depth and digits.
 */
class ReferenceParserTest {
    private static final int DOCUMENTS = 400;
    private static final int DAMAGES = 30;

    private static final class RandomDocument {
        private static final List<String> NUMBERS =
                List.of("0", "-0", "1.0", "1e3", "-12.50E-7", "123456789012345678901234567890", "0.1e+05");
        private static final List<String> TEXTS =
                List.of("|model|text|é€😀|\\u00e9|\\ud83d\\uDE00|\\n\\t\\\\|\\\"q\\\"|a/b\\/|\u007f".split("[|]"));
        private static final List<String> BLANKS = List.of("", "", "", " ", "\n", "\t \r\n");
        private final Random random;

        RandomDocument(Random random) {
            this.random = random;
        }

        private String any(List<String> texts) {
            return texts.get(random.nextInt(texts.size()));
        }

        private String blank() {
            return any(BLANKS);
        }

        private String string() {
            return '"' + any(TEXTS) + any(TEXTS) + '"';
        }

        String value(int depth) {
            String value =
                    switch (random.nextInt(depth > 5 ? 5 : 8)) {
                        case 0 -> any(NUMBERS);
                        case 1 -> any(List.of("true", "false", "null"));
                        case 2, 3, 4 -> string();
                        case 5 -> list('[', ']', depth, false);
                        default -> list('{', '}', depth, true);
                    };
            return blank() + value + blank();
        }

        private String list(char open, char close, int depth, boolean named) {
            StringBuilder list = new StringBuilder().append(open);
            int size = random.nextInt(5);
            for (int i = 0; i < size; i++) {
                list.append(i > 0 ? "," : "");
                list.append(named ? blank() + string() + blank() + ':' : "").append(value(depth + 1));
            }
            return list.append(size == 0 ? blank() : "").append(close).toString();
        }
    }

    private static Optional<List<String>> scanned(byte[] document, int cut) {
        try {
            return Optional.of(Recorder.events(document, cut));
        } catch (dev.warder.json.JsonException refused) {
            return Optional.empty();
        }
    }

    static Optional<List<String>> referred(byte[] document) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
            List<String> events = new ArrayList<>();
            try (JsonParser parser = Json.createParser(new StringReader(text))) {
                while (parser.hasNext()) {
                    events.add(event(parser.next(), parser));
                }
            }
            boolean whole = events.stream().allMatch(event -> UTF_8.newEncoder().canEncode(event));
            return whole ? Optional.of(events) : Optional.empty();
        } catch (CharacterCodingException | JsonException refused) {
            return Optional.empty();
        }
    }

    private static String event(JsonParser.Event event, JsonParser parser) {
        return switch (event) {
            case START_OBJECT -> "open {";
            case END_OBJECT -> "close }";
            case START_ARRAY -> "open [";
            case END_ARRAY -> "close ]";
            case KEY_NAME -> "name " + parser.getString();
            case VALUE_STRING -> "STRING " + parser.getString();
            case VALUE_NUMBER -> "NUMBER " + parser.getString();
            case VALUE_TRUE -> "TRUE true";
            case VALUE_FALSE -> "FALSE false";
            case VALUE_NULL -> "NULL null";
        };
    }

    private static byte[] damaged(byte[] document, Random random) {
        byte[] damaged = document.clone();
        int at = random.nextInt(damaged.length);
        damaged[at] = (byte)
                switch (random.nextInt(3)) {
                    case 0 -> damaged[at] ^ (1 << random.nextInt(8));
                    case 1 -> "{}[],:\"\\0123eE+-.tfnu /".charAt(random.nextInt(23));
                    default -> random.nextInt(256);
                };
        return damaged;
    }

    @ParameterizedTest
    @ValueSource(longs = {20261120, 4711})
    void agreesOnRandomDocumentsWholeAndDamaged(long defaultSeed) {
        long seed = Long.getLong("warder.seed", defaultSeed);
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] document = new RandomDocument(random).list('{', '}', 0, true).getBytes(UTF_8);
            for (int j = 0; j < DAMAGES; j++) {
                byte[] tried = j == 0 ? document : damaged(document, random);
                Optional<List<String>> found = scanned(tried, random.nextInt(tried.length + 1));
                accepted += found.isPresent() ? 1 : 0;
                assertThat(found)
                        .as("-Dwarder.seed=%d, document %d.%d: %s", seed, i, j, new String(tried, UTF_8))
                        .isEqualTo(referred(tried));
            }
        }
        assertThat(accepted).isBetween(DOCUMENTS, DOCUMENTS * DAMAGES - DOCUMENTS);
    }
}
