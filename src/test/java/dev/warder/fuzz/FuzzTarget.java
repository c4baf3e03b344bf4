package dev.warder.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * The fuzz targets. Each has a corpus {@code src/test/resources/fuzz/NAME.txt}, a line an input: as text with {@code \n},
 * {@code \r}, {@code \t}, {@code \0} and <code>\xHH</code>. Inputs that once failed stand there for good.
 */
enum FuzzTarget {
    PATH(dev.warder.http.PathFuzz.class),
    FIELD(dev.warder.http.FieldFuzz.class),
    SCANNER(dev.warder.json.ScannerFuzz.class),
    SPLICE(dev.warder.edit.SpliceFuzz.class),
    EVENT_STREAM(dev.warder.stream.EventStreamFuzz.class),
    CHAT_REQUEST(dev.warder.openai.ChatRequestFuzz.class),
    CHAT_STREAM(dev.warder.openai.ChatStreamFuzz.class),
    ITEM_STREAM(dev.warder.openai.responses.ItemStreamFuzz.class),
    CLIENT_FILE(dev.warder.auth.ClientFileFuzz.class),
    SETTINGS(dev.warder.config.SettingsFuzz.class),
    LOGIN(dev.warder.oauth.LoginFuzz.class);

    private final Class<?> type;

    FuzzTarget(Class<?> type) {
        this.type = type;
    }

    /** The class, for a launch of its own. */
    String className() {
        return type.getName();
    }

    /** Checks the target's invariants on one input, by the method that Jazzer calls; throws where one does not hold. */
    void run(byte[] input) throws Throwable {
        try {
            type.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    /** The inputs of the corpus. */
    List<byte[]> corpus() throws IOException {
        var file = "/fuzz/" + name().toLowerCase(java.util.Locale.ROOT) + ".txt";
        try (var in = FuzzTarget.class.getResourceAsStream(file)) {
            var inputs = new ArrayList<byte[]>();
            for (var line : new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8).split("\n")) {
                inputs.add(bytes(line));
            }
            return inputs;
        }
    }

    /** The input that a line of a corpus stands for. */
    private static byte[] bytes(String line) {
        var out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c != '\\' || i + 1 == line.length()) {
                int end = i + Character.charCount(line.codePointAt(i));
                out.writeBytes(line.substring(i, end).getBytes(UTF_8));
                i = end - 1;
                continue;
            }
            switch (line.charAt(++i)) {
                case 'n' -> out.write('\n');
                case 'r' -> out.write('\r');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case 'x' -> {
                    out.write(HexFormat.fromHexDigits(line, i + 1, i + 3));
                    i += 2;
                }
                default -> {
                    out.write('\\');
                    i--;
                }
            }
        }
        return out.toByteArray();
    }
}
