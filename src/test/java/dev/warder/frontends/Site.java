package dev.warder.frontends;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What a front end is told of the place where it runs.
 *
 * @param folder for whatever it writes
 * @param port where it listens on 127.0.0.1
 * @param nodes the two nodes; the same twice where one is enough
 * @param pem its certificate and key
 */
record Site(Path folder, int port, List<URI> nodes, PemFiles pem) {
    Site {
        nodes = List.copyOf(nodes);
        if (nodes.size() != 2) {
            throw new IllegalArgumentException("the files of conf/ name two nodes");
        }
    }

    /** The file of {@code conf/} with the addresses of both nodes filled in. */
    ConfText conf(String file) {
        return ConfText.of(file)
                .fill("10.0.0.11:8080", nodes.get(0).getAuthority())
                .fill("10.0.0.12:8080", nodes.get(1).getAuthority());
    }

    /** The address to listen on. */
    String listen() {
        return "127.0.0.1:" + port;
    }

    /** A file in the folder, as text. */
    String file(String name) {
        return folder.resolve(name).toString();
    }
}
