package dev.warder.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * The text of a file. One that an operator writes is UTF-8 without a byte order mark, which would become an invisible character
 * of the first name or value. Reasons never repeat the content or the path.
 */
public final class TextFile {
    private TextFile() {}

    public static String read(String path) throws InvalidValueException {
        try {
            return decode(Files.readAllBytes(Path.of(path.strip())));
        } catch (IOException | InvalidPathException unreadable) {
            throw new InvalidValueException("does not exist or cannot be read");
        }
    }

    public static String decode(byte[] content) throws InvalidValueException {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new InvalidValueException("is not UTF-8");
        }
        if (text.startsWith("\uFEFF")) {
            throw new InvalidValueException("begins with a byte order mark");
        }
        return text;
    }

    /** The text of a file that comes with this program, in the folder of a class. */
    public static String of(Class<?> owner, String file) {
        try (var text = Objects.requireNonNull(owner.getResourceAsStream(file))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Has the disk store which file has this name, after it was moved or deleted. */
    public static void forceFolder(Path file) {
        try (var folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException notThere) {
            // Windows cannot open a folder, and writes its entries through.
        }
    }

    /** The version of this build, for example {@code 1.2.3}. */
    public static String version() {
        return of(TextFile.class, "version.txt").strip();
    }

    /** The text that an operator wrote into a file, which is not blank; without the line break at its end. */
    public static String decodeText(byte[] content) throws InvalidValueException {
        String text = withoutLastBreak(decode(content));
        if (text.isBlank()) {
            throw new InvalidValueException("is blank");
        }
        return text;
    }

    /** The text without the line break that editors leave at the end of a file. */
    static String withoutLastBreak(String text) {
        if (!text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
}
