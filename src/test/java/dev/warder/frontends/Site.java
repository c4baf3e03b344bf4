package dev.warder.frontends;

import dev.warder.testkit.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/**
 * What a front end is told of the place where it runs.
 *
 * @param folder for whatever it writes
 * @param port where it listens on 127.0.0.1
 * @param nodes the two nodes; the same twice where one is enough
 * @param pem its certificate and key
 * @param server whose lines for client certificates are used, as the README calls it; empty for none
 */
record Site(Path folder, int port, List<URI> nodes, PemFiles pem, String server) {
    Site {
        nodes = List.copyOf(nodes);
        if (nodes.size() != 2) {
            throw new IllegalArgumentException("the files of conf/ name two nodes");
        }
    }

    /** The file of {@code conf/} with the addresses and the path of both nodes filled in. */
    ConfText conf(String file) {
        var ready = "/health/ready";
        return new ConfText(ConfText.of(file).text().replace(ready, nodes.get(0).getPath() + ready))
                .fill("10.0.0.11:8080", nodes.get(0).getAuthority())
                .fill("10.0.0.12:8080", nodes.get(1).getAuthority());
    }

    /** The file with its lines for client certificates, which are comments otherwise; the front end's CA is that of clients too. */
    ConfText withCertificates(ConfText conf, String clients) {
        return server.isEmpty()
                ? conf
                : conf.fill("#certificates ", "")
                        .fill("#" + server + " ", "")
                        .fill(clients, pem.chain().toString());
    }

    /** The address to listen on. */
    String listen() {
        return "127.0.0.1:" + port;
    }

    /** A file in the folder, as text. */
    String file(String name) {
        return folder.resolve(name).toString();
    }

    /**
     * The test's certificate as front ends take it.
     *
     * @param chain the certificate and its CA
     * @param key the key alone
     * @param both the chain, then the key
     */
    record PemFiles(Path chain, Path key, Path both) {
        /** Writes the three files. */
        static PemFiles write(KeyStore keys, Path folder) throws IOException, GeneralSecurityException {
            var password = TestCertificate.password().toCharArray();
            var chain = new StringBuilder();
            for (var link : keys.getCertificateChain("server")) {
                chain.append(pem("CERTIFICATE", link.getEncoded()));
            }
            var key = pem("PRIVATE KEY", keys.getKey("server", password).getEncoded());
            return new PemFiles(
                    Files.writeString(folder.resolve("chain.pem"), chain),
                    Files.writeString(folder.resolve("key.pem"), key),
                    Files.writeString(folder.resolve("both.pem"), chain + key));
        }

        private static String pem(String kind, byte[] bytes) {
            var text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                    .encodeToString(bytes);
            return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
        }
    }

    /** A file of {@code conf/} on its way to a front end. Immutable; thread-safe. */
    record ConfText(String text) {
        /** The file by its path below {@code conf/}. */
        static ConfText of(String file) {
            try {
                return new ConfText(Files.readString(path(file)));
            } catch (IOException missing) {
                throw new UncheckedIOException(missing);
            }
        }

        /** Where the file lies. */
        static Path path(String file) {
            return Path.of(System.getProperty("warder.conf", "conf"))
                    .resolve(file)
                    .toAbsolutePath();
        }

        /** With an address, a port or a path of the file replaced, which must be there. */
        ConfText fill(String shipped, String here) {
            if (!text.contains(shipped)) {
                throw new AssertionError("the file of conf/ does not hold " + shipped);
            }
            return new ConfText(text.replace(shipped, here));
        }

        /** Writes it. */
        Path write(Path file) throws IOException {
            return Files.writeString(file, text);
        }
    }
}
