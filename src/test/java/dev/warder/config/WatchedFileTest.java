package dev.warder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
    private static final FileTime EARLIER = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    private static final FileTime LATER = FileTime.from(Instant.parse("2026-01-01T00:00:02Z"));

    @TempDir
    private Path folder = Path.of("");

    private Path path = folder;
    private final LogCapture log = new LogCapture(WatchedFile.class);
    private final AtomicInteger parsed = new AtomicInteger();

    @BeforeEach
    void writeTheFirstVersion() throws IOException {
        path = folder.resolve("list.txt");
        write("one", EARLIER);
    }

    @AfterEach
    void stopCapturing() {
        log.close();
    }

    @Test
    void isStaleWhileTheNewestVersionCannotBeUsed() throws Exception {
        var file = watch();
        assertThat(file.isStale()).isFalse();
        write("bad", LATER);
        file.check();
        assertThat(file.isStale()).isTrue();
        file.check();
        assertThat(file.isStale()).isTrue();
        write("one", EARLIER);
        file.check();
        assertThat(file.isStale()).isFalse();
        Files.delete(path);
        file.check();
        assertThat(file.isStale()).isTrue();
        write("one", EARLIER);
        file.check();
        assertThat(file.isStale()).isFalse();
    }

    private void write(String text, FileTime modified) throws IOException {
        Files.writeString(path, text);
        Files.setLastModifiedTime(path, modified);
    }

    private String parse(byte[] content) throws InvalidValueException {
        parsed.incrementAndGet();
        String text = new String(content, StandardCharsets.UTF_8);
        if (text.startsWith("bad")) {
            throw new InvalidValueException("line 1: is bad");
        }
        if (text.startsWith("bug")) {
            throw new IllegalStateException(text);
        }
        return text;
    }

    private WatchedFile<String> watch() throws InvalidValueException {
        return new FileWatch().watch("clients.file", path, this::parse);
    }

    @Test
    void readsAtOnceAndAgainOnlyWhenTheFileChanged() throws Exception {
        WatchedFile<String> file = watch();
        assertThat(file.current()).isEqualTo("one");
        file.check();
        file.check();
        assertThat(parsed).hasValue(1);
        write("two", LATER);
        assertThat(file.current()).isEqualTo("one");
        file.check();
        assertThat(file.current()).isEqualTo("two");
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void noticesAReplacedFileOfTheSameSizeAndTime() throws Exception {
        WatchedFile<String> file = watch();
        file.check();
        Path other = Files.writeString(folder.resolve("other"), "two");
        Files.setLastModifiedTime(other, EARLIER);
        Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
        file.check();
        assertThat(file.current()).isEqualTo("two");
    }

    @Test
    void noticesASecondWriteWithinOneTickOfTheClock() throws Exception {
        WatchedFile<String> file = watch();
        write("two", LATER);
        file.check();
        write("six", LATER);
        file.check();
        assertThat(file.current()).isEqualTo("six");
    }

    @Test
    void readsAnewWhatNoMarkTellsApart() throws Exception {
        WatchedFile<String> file = watch();
        file.check();
        write("two", EARLIER);
        file.check();
        assertThat(file.current()).isEqualTo("one");
        assertThat(file.readNow()).isEqualTo("two");
        assertThat(file.current()).isEqualTo("two");
    }

    @Test
    void keepsTheOldValueAndSaysOnceWhyANewVersionIsRefused() throws Exception {
        WatchedFile<String> file = watch();
        write("bad", LATER);
        file.check();
        file.check();
        file.check();
        assertThat(file.current()).isEqualTo("one");
        assertThat(log.warnings())
                .containsExactly("clients.file: file list.txt: line 1: is bad; what was read before stays in use");
        write("bad again", LATER);
        file.check();
        assertThat(log.warnings()).hasSize(2);
        write("good", LATER);
        file.check();
        assertThat(file.current()).isEqualTo("good");
    }

    @Test
    void survivesAParserThatBreaksAndDoesNotRepeatItsMessage() throws Exception {
        WatchedFile<String> file = watch();
        write("bug planted", LATER);
        file.check();
        assertThat(file.current()).isEqualTo("one");
        assertThat(log.warnings()).hasSize(1).noneMatch(line -> line.contains("planted"));
    }

    @Test
    void refusesWhatCannotBeReadAtFirst() throws Exception {
        write("bad", EARLIER);
        assertThatThrownBy(this::watch)
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("file: line 1: is bad");
        Files.delete(path);
        assertThatThrownBy(this::watch).hasMessage("file: does not exist");
        Files.createDirectory(path);
        assertThatThrownBy(this::watch).hasMessage("file: is not a regular file");
    }

    @Test
    void refusesMoreThanItsBound() throws Exception {
        Files.write(path, new byte[(16 << 20) + 1]);
        assertThatThrownBy(this::watch).hasMessageContaining("larger than 16 MiB");
        Files.write(path, new byte[16 << 20]);
        assertThat(watch().current()).hasSize(16 << 20);
    }

    @Test
    void readsAgainWhatChangedWhileItWasRead() throws Exception {
        var opened = new AtomicInteger();
        var file = new WatchedFile<>("clients.file", path, this::parse, it -> {
            var in = Files.newInputStream(it);
            if (opened.incrementAndGet() == 1) {
                write("two and more", LATER);
            }
            return in;
        });
        assertThat(opened).hasValue(2);
        assertThat(file.current()).isEqualTo("two and more");
    }

    @Test
    void givesUpForNowOnAFileThatNeverRests() throws Exception {
        var restless = new AtomicInteger();
        var file = new WatchedFile<>("clients.file", path, this::parse, it -> {
            if (restless.get() > 0) {
                write("x".repeat(restless.incrementAndGet()), LATER);
            }
            return Files.newInputStream(it);
        });
        restless.set(1);
        file.check();
        assertThat(file.current()).isEqualTo("one");
        assertThat(log.warnings()).hasSize(1).allMatch(line -> line.contains("changes while it is read"));
        restless.set(0);
        file.check();
        assertThat(file.current()).isEqualTo("xxxx");
    }
}
