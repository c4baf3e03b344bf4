package dev.warder.frontends;

/** The rows of the table of request hygiene: each is one request, whole, that closes its connection. */
enum OddRequest {
    LENGTH_AND_CHUNKS("POST /v1/messages HTTP/1.1", "Content-Length: 3", "Transfer-Encoding: chunked"),
    TWO_LENGTHS("POST /v1/messages HTTP/1.1", "Content-Length: 18", "Content-Length: 5"),
    TWO_HOSTS("GET /v1/models HTTP/1.1", "Host: other"),
    NO_HOST("GET /v1/models HTTP/1.1"),
    SPACE_BEFORE_COLON("GET /v1/models HTTP/1.1", "X-A : b"),
    FOLDED_FIELD("GET /v1/models HTTP/1.1", "X-A: b\r\n c"),
    BARE_LINE_FEED("GET /v1/models HTTP/1.1", "X-A: b\nX-B: c"),
    ENCODED_SLASH("GET /v1/models/a%2Fb HTTP/1.1"),
    ENCODED_BACKSLASH("GET /v1/models/a%5Cb HTTP/1.1"),
    ENCODED_LINE_FEED("GET /v1/models/a%0ab HTTP/1.1"),
    ENCODED_LETTER("GET /v1/%6Dodels HTTP/1.1"),
    DOUBLE_SLASH("GET /v1//models HTTP/1.1"),
    DOT_SEGMENTS("GET /v1/files/../models HTTP/1.1"),
    PATH_PARAMETER("GET /v1/models;x=1 HTTP/1.1"),
    LONE_PERCENT("GET /v1/models/% HTTP/1.1"),
    BROKEN_PERCENT("GET /v1/models/%zz HTTP/1.1"),
    RAW_QUERY("GET /v1/models?a={\"|[] HTTP/1.1"),
    METHOD_FOO("FOO /v1/models HTTP/1.1"),
    METHOD_TRACE("TRACE /v1/models HTTP/1.1"),
    OTHER_HOST_IN_TARGET("GET http://other/v1/models HTTP/1.1"),
    ADMIN("POST /admin/drain HTTP/1.1", "Content-Length: 0");

    private static final String BODY = "{\"model\":\"claude\"}";

    private final String startLine;
    private final String[] lines;

    OddRequest(String startLine, String... lines) {
        this.startLine = startLine;
        this.lines = lines.clone();
    }

    /** The request as bytes on the wire. */
    String text(String token) {
        var text = new StringBuilder(startLine).append("\r\n");
        if (this != NO_HOST) {
            text.append("Host: localhost\r\n");
        }
        text.append("x-api-key: ").append(token).append("\r\nConnection: close\r\n");
        for (var line : lines) {
            text.append(line).append("\r\n");
        }
        return text.append("\r\n").append(sentBody()).toString();
    }

    private String sentBody() {
        return switch (this) {
            case LENGTH_AND_CHUNKS -> "12\r\n" + BODY + "\r\n0\r\n\r\n";
            case TWO_LENGTHS -> BODY;
            default -> "";
        };
    }

    /** The body that the upstream must find, if the request passes. */
    String upstreamBody() {
        return this == LENGTH_AND_CHUNKS || this == TWO_LENGTHS ? BODY : "";
    }

    /** The target that the upstream must find, if the request passes. */
    String upstreamTarget() {
        return startLine.split(" ")[1].replace("http://other", "");
    }
}
