package dev.warder.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonShapesTest {
    private static final int CUT_ALL_BELOW = 1000;

    private record Shape(String name, boolean accepted, List<Byte> content) {
        static Shape read(String line) {
            String[] words = line.split(" ", 4);
            byte[] content = content(words[2], words.length > 3 ? words[3] : "");
            return new Shape(
                    words[0],
                    words[1].equals("accept"),
                    IntStream.range(0, content.length).mapToObj(i -> content[i]).toList());
        }

        private static byte[] content(String form, String text) {
            String[] words = text.split(" ", 3);
            return switch (form) {
                case "text" -> text.getBytes(UTF_8);
                case "hex" -> HexFormat.of().parseHex(text);
                case "repeat" -> words[1].repeat(Integer.parseInt(words[0])).getBytes(UTF_8);
                case "nest" -> {
                    int count = Integer.parseInt(words[0]);
                    yield (words[1].repeat(count) + words[2].repeat(count)).getBytes(UTF_8);
                }
                default -> throw new IllegalArgumentException(form);
            };
        }

        byte[] bytes(String before, String after) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(before.getBytes(UTF_8));
            content.forEach(bytes::write);
            bytes.writeBytes(after.getBytes(UTF_8));
            return bytes.toByteArray();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Shape> shapes() throws IOException {
        try (InputStream file = JsonShapesTest.class.getResourceAsStream("/json/shapes.txt")) {
            String text = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
            return Stream.of(text.split("\n"))
                    .filter(line -> !line.startsWith("#"))
                    .map(Shape::read)
                    .toList();
        }
    }

    private static boolean outlines(byte[] document) {
        try {
            OutlineScanner.outline(Recorder.body(document));
            return true;
        } catch (JsonException refused) {
            return false;
        }
    }

    @Test
    void areAllThereAndDecideByTheirNames() throws IOException {
        var counts = shapes().stream()
                .collect(Collectors.groupingBy(shape -> shape.name().charAt(0), Collectors.counting()));
        assertThat(counts).containsEntry('y', 95L).containsEntry('n', 188L).containsEntry('i', 35L);
        assertThat(shapes())
                .allMatch(shape -> shape.name().startsWith("i_")
                        || shape.accepted() == shape.name().startsWith("y_"));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void decidesTheShapeAsADocument(Shape shape) {
        byte[] document = shape.bytes("", "");
        assertThat(Recorder.accepts(document)).isEqualTo(shape.accepted());
        boolean isObject = new String(document, UTF_8).strip().startsWith("{");
        assertThat(outlines(document)).isEqualTo(shape.accepted() && isObject);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void decidesTheShapeInsideAMember(Shape shape) {
        byte[] document = shape.bytes("{\"before\":0,\"m\":", ",\"after\":[1]}");
        assertThat(Recorder.accepts(document)).isEqualTo(shape.accepted());
        assertThat(outlines(document)).isEqualTo(shape.accepted());
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void decidesTheSameAtEveryCut(Shape shape) {
        byte[] document = shape.bytes("", "");
        int last = Math.min(document.length, CUT_ALL_BELOW);
        for (int cut = 0; cut <= last; cut++) {
            assertThat(Recorder.accepts(document, cut)).isEqualTo(shape.accepted());
        }
        assertThat(Recorder.accepts(document, IntStream.range(0, last).toArray()))
                .isEqualTo(shape.accepted());
    }
}
