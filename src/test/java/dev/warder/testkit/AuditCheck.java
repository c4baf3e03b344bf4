package dev.warder.testkit;

import dev.warder.cli.CommandLine;
import dev.warder.cli.Console;
import dev.warder.cli.OneShots;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Runs {@code audit verify} in this process. */
public final class AuditCheck {
    private AuditCheck() {}

    /** The lines that it prints where something is wrong; empty if the audit of the gateway at this address is intact. */
    public static String problem(URI base, String adminToken) throws Exception {
        var err = new ByteArrayOutputStream();
        var console = new Console(
                InputStream.nullInputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                name -> Optional.of(adminToken));
        var words = new String[] {"audit", "verify", "--url=" + base, "--admin.token=env:ADMIN"};
        int status = new OneShots(console, Path.of("none"), new SecureRandom()).run(CommandLine.parse(words));
        return status == 0 ? "" : err.toString(StandardCharsets.UTF_8);
    }
}
