package dev.warder.policy.version;

import dev.warder.policy.PolicyVersion;
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

    /** The number and the SHA-256. */
    private static final Pattern CONTENT = Pattern.compile("([0-9]{1,15}) ([0-9a-f]{64})\n");

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
    public PolicyVersion raise(PolicyVersion version) throws VersionStoreException {
        try {
            var kept = read();
            if (kept.number() >= version.number()) {
                return kept;
            }
            write(version);
            return version;
        } catch (IOException failed) {
            throw new VersionStoreException(
                    "data.dir: the file " + NAME + " cannot be used ("
                            + failed.getClass().getSimpleName() + ")",
                    failed);
        }
    }

    private PolicyVersion read() throws IOException, VersionStoreException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (NoSuchFileException first) {
            return PolicyVersion.NONE;
        }
        var content = CONTENT.matcher(text);
        if (!content.matches()) {
            throw new VersionStoreException("data.dir: the file " + NAME + " has no version");
        }
        return new PolicyVersion(Long.parseLong(content.group(1)), content.group(2));
    }

    /** The new content is on the disk before it has the name. */
    private void write(PolicyVersion version) throws IOException {
        Files.createDirectories(folder);
        Path fresh = folder.resolve(NAME + ".new");
        try (var channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var content = ByteBuffer.wrap(
                    (version.number() + " " + version.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
