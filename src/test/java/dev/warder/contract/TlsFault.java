package dev.warder.contract;

import dev.warder.testkit.TestAuthority;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Secure upstreams that must not get a credential, each with the {@code keytool} arguments of its certificate. */
enum TlsFault {
    EXPIRED(signed("-startdate", "-20d", "-validity", "10")),
    NOT_YET_VALID(signed("-startdate", "+10d", "-validity", "10")),
    OTHER_NAME(issued("dns:elsewhere.test")),
    ADDRESS_AS_A_NAME(issued("dns:127.0.0.1")),
    NAME_BUT_NO_ADDRESS(issued("dns:localhost")),
    WILDCARD_FOR_AN_ADDRESS(issued("dns:*.0.0.1")),
    COMMON_NAME_ALONE(List.of("-keyalg", "EC", "-signer", "ca")),
    SELF_SIGNED(List.of("-keyalg", "EC", "-ext", "san=ip:127.0.0.1")),
    UNKNOWN_AUTHORITY(List.of("-keyalg", "EC", "-signer", "unknown-ca", "-ext", "san=ip:127.0.0.1")),
    SIGNED_BY_A_LEAF(List.of("-keyalg", "EC", "-signer", "good", "-ext", "san=ip:127.0.0.1")),
    FOR_CLIENTS_ONLY(signed("-ext", "eku=clientAuth")),
    SIGNED_WITH_MD5(signed("-sigalg", "MD5withRSA")),
    SIGNED_WITH_SHA1(signed("-sigalg", "SHA1withRSA")),
    RSA_OF_1024_BITS(List.of("-keyalg", "RSA", "-keysize", "1024", "-signer", "ca", "-ext", "san=ip:127.0.0.1")),
    RESET_BEFORE_THE_HANDSHAKE(List.of()),
    VERSION_1_1(List.of()),
    ALERT_INSTEAD_OF_A_HANDSHAKE(List.of()),
    GARBAGE_INSTEAD_OF_A_HANDSHAKE(List.of()),
    CLOSE_INSIDE_THE_HANDSHAKE(List.of()),
    STALL_INSIDE_THE_HANDSHAKE(List.of());

    /** A ServerHello of TLS 1.1 (RFC 4346, section 7.4.1.3) that picks TLS_RSA_WITH_AES_128_CBC_SHA. */
    private static final byte[] HELLO_1_1 = new byte[47];

    static {
        byte[] begin = {0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2};
        System.arraycopy(begin, 0, HELLO_1_1, 0, begin.length);
        HELLO_1_1[45] = 0x2f;
        HELLO_1_1[44] = 0;
        HELLO_1_1[43] = 0;
    }

    private final List<String> certificate;

    TlsFault(List<String> certificate) {
        this.certificate = certificate;
    }

    /** The certificate of each fault, and a good one, in an order in which each signer comes before what it signs. */
    static Map<String, List<String>> certificates() {
        var all = new LinkedHashMap<String, List<String>>();
        all.put("unknown-ca", List.of("-keyalg", "EC", "-ext", "bc:c"));
        all.put("good", issued("ip:127.0.0.1"));
        for (var fault : values()) {
            if (!fault.certificate.isEmpty()) {
                all.put(fault.name(), fault.certificate);
            }
        }
        return all;
    }

    /** Does to an accepted connection what this fault is; returns what came over TLS, else {@code nothing}. */
    String serve(TestAuthority authority, Socket socket) throws Exception {
        if (!certificate.isEmpty()) {
            return handshake(authority.showing(name()), socket);
        }
        if (this == RESET_BEFORE_THE_HANDSHAKE) {
            socket.setSoLinger(true, 0);
            return "nothing";
        }
        socket.getInputStream().read(new byte[4096]);
        switch (this) {
            case VERSION_1_1 -> socket.getOutputStream().write(HELLO_1_1);
            case ALERT_INSTEAD_OF_A_HANDSHAKE -> socket.getOutputStream().write(new byte[] {0x15, 3, 3, 0, 2, 2, 40});
            case GARBAGE_INSTEAD_OF_A_HANDSHAKE ->
                socket.getOutputStream().write(new byte[] {0x16, 3, 3, 0, 4, 99, 1, 2, 3});
            default -> socket.getOutputStream().flush();
        }
        if (this == CLOSE_INSIDE_THE_HANDSHAKE) {
            return "nothing";
        }
        // The client's alert, if any, and its close.
        socket.getInputStream().readAllBytes();
        return "nothing";
    }

    private static String handshake(SSLContext context, Socket socket) throws IOException {
        var factory = context.getSocketFactory();
        try (var secure = (SSLSocket) factory.createSocket(socket, "127.0.0.1", socket.getPort(), true)) {
            secure.setUseClientMode(false);
            var piece = new byte[4096];
            int length = secure.getInputStream().read(piece);
            return length <= 0 ? "nothing" : new String(piece, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    private static List<String> signed(String... more) {
        var all = new ArrayList<>(issued("ip:127.0.0.1,dns:localhost"));
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> issued(String names) {
        return List.of("-keyalg", "EC", "-signer", "ca", "-ext", "san=" + names);
    }
}
