package dev.warder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.json.JsonOutline;
import dev.warder.stream.ResponseEdit.ContentEdit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResponseEditTest {
    private static final byte[] NOTHING = {};

    /** Puts a word before the content and another one after it, and holds one piece back. */
    private record Wrap(String word, boolean streams) implements ResponseEdit {
        @Override
        public String target(String asked) {
            return asked + word;
        }

        @Override
        public Optional<ContentEdit> ofStream(Optional<JsonOutline> request) {
            return streams ? Optional.of(content()) : Optional.empty();
        }

        @Override
        public Optional<ContentEdit> ofDocument(Optional<JsonOutline> request) {
            return Optional.of(content());
        }

        private ContentEdit content() {
            return new ContentEdit() {
                private byte[] held = bytes(word + "(");

                @Override
                public byte[] feed(byte[] piece) {
                    byte[] before = held;
                    held = piece;
                    return before;
                }

                @Override
                public byte[] end() {
                    var rest = new ByteArrayOutputStream();
                    rest.writeBytes(held);
                    rest.writeBytes(bytes(")" + word));
                    held = NOTHING;
                    return rest.toByteArray();
                }
            };
        }
    }

    private final ResponseEdit both = new Wrap("a", true).then(new Wrap("b", false));

    @Test
    void theSecondEditGetsWhatTheFirstOneMakes() {
        assertThat(edited(both.ofDocument(Optional.empty()), "1", "2", "3")).isEqualTo("b(a(123)a)b");
    }

    @Test
    void anEditThatDoesNotConcernTheResponseIsLeftOut() {
        assertThat(edited(both.ofStream(Optional.empty()), "1", "2")).isEqualTo("a(12)a");
        assertThat(new Wrap("a", false).then(new Wrap("b", true)).ofStream(Optional.empty()))
                .isPresent();
        assertThat(new Wrap("a", false).then(new Wrap("b", false)).ofStream(Optional.empty()))
                .isEmpty();
    }

    @Test
    void bothChangeTheTarget() {
        assertThat(both.target("/v1/models?")).isEqualTo("/v1/models?ab");
    }

    private static String edited(Optional<ContentEdit> edit, String... pieces) {
        var content = edit.orElseThrow();
        var all = new ByteArrayOutputStream();
        for (var piece : pieces) {
            all.writeBytes(content.feed(bytes(piece)));
        }
        all.writeBytes(content.end());
        return all.toString(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
