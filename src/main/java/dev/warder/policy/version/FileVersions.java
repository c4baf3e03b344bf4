package dev.warder.policy.version;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;

/** The file {@code policy-version} below {@code data.dir}: what this node alone has used, over its restarts. */
public final class FileVersions implements VersionStore {
    private static final String NAME = "policy-version";
    private static final Pattern CONTENT = Pattern.compile("[0-9]{1,15}\n");

    private final Path folder;
    private final Path file;

    /**
     * Reads nothing yet.
     *
     * @param folder {@code data.dir}; it is created if it does not exist
     */
    public FileVersions(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(NAME);
    }

    @Override
    public long raise(long version) throws VersionStoreException {
        try {
            long kept = read();
            if (kept < version) {
                write(version);
            }
            return Math.max(kept, version);
        } catch (IOException failed) {
            throw new VersionStoreException(
                    "data.dir: the file " + NAME + " cannot be used ("
                            + failed.getClass().getSimpleName() + ")",
                    failed);
        }
    }

    private long read() throws IOException, VersionStoreException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException first) {
            return 0;
        }
        if (!CONTENT.matcher(text).matches()) {
            throw new VersionStoreException("data.dir: the file " + NAME + " has no version");
        }
        return Long.parseLong(text.strip());
    }

    /** The new content is on the disk before it has the name. */
    private void write(long version) throws IOException {
        Files.createDirectories(folder);
        Path fresh = folder.resolve(NAME + ".new");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var content = ByteBuffer.wrap((version + "\n").getBytes(StandardCharsets.US_ASCII));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
