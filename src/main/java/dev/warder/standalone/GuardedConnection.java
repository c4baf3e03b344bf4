package dev.warder.standalone;

import dev.warder.http.Caller;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.Callback;

/**
 * A connection that reports its state to {@link OpenConnections} and is stricter than Jetty about request heads: at most 100
 * fields, no transfer coding but {@code chunked} (RFC 9112, section 6.1), and none in HTTP/1.0.
 *
 * <p>Jetty's public API does not show the state of a request head, so this class extends an internal one. Only the thread that
 * reads from the connection calls its methods, except {@link #drop()}.
 */
final class GuardedConnection extends HttpConnection implements OpenConnections.Peer {
    /**
     * The same number as in Tomcat and Apache httpd. Claude Code and the SDKs send 15 to 25 fields, and a chain of front ends
     * adds about 20.
     */
    static final int MOST_FIELDS = 100;

    private final OpenConnections connections;
    private final long headLimit;
    private long bytesBefore;

    private GuardedConnection(
            HttpConfiguration configuration, Connector connector, EndPoint endPoint, OpenConnections connections) {
        super(configuration, connector, endPoint);
        this.connections = connections;
        this.headLimit = configuration.getRequestHeaderSize();
    }

    /** Creates such connections. Thread-safe. */
    static HttpConnectionFactory factory(HttpConfiguration configuration, OpenConnections connections) {
        return new HttpConnectionFactory(configuration) {
            @Override
            public Connection newConnection(Connector connector, EndPoint endPoint) {
                var connection = new GuardedConnection(getHttpConfiguration(), connector, endPoint, connections);
                connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
                return configure(connection, connector, endPoint);
            }
        };
    }

    /** Closes the connection without a response. Thread-safe. */
    @Override
    public void drop() {
        getEndPoint().close();
    }

    /** Thread-safe: Jetty guards the request, and its attributes are those that the application has set. */
    @Override
    public boolean isClients() {
        var request = getHttpChannel().getRequest();
        return request != null && request.getAttribute(Caller.class.getName()) != null;
    }

    @Override
    public void onOpen() {
        connections.opened(this);
        super.onOpen();
    }

    @Override
    public void onClose(Throwable cause) {
        connections.closed(this);
        super.onClose(cause);
    }

    /** Called when all received bytes were parsed, and more are wanted. */
    @Override
    public void fillInterested(Callback callback) {
        var parser = getParser();
        if (!parser.inContentState()) {
            if (!parser.isStart()) {
                connections.awaitsHead(this, Math.min(getBytesIn() - bytesBefore, headLimit));
            } else if (getMessagesIn() > 0) {
                connections.awaitsRequest(this);
            }
        }
        super.fillInterested(callback);
    }

    @Override
    protected RequestHandler newRequestHandler() {
        return new StrictHandler();
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new HttpStreamOverHTTP1(method, uri, version) {
            @Override
            public void send(
                    MetaData.Request request,
                    MetaData.Response response,
                    boolean last,
                    ByteBuffer content,
                    Callback callback) {
                // Before it is sent: after that the connection may have its next request.
                if (last && getParser().inContentState()) {
                    connections.owesBody(GuardedConnection.this);
                }
                super.send(request, response, last, content, callback);
            }
        };
    }

    private void headEnds() {
        bytesBefore = getBytesIn();
        connections.hasRequest(this);
    }

    /** Receives the parts of a request as Jetty parses them. */
    private final class StrictHandler extends RequestHandler {
        private HttpVersion version = HttpVersion.HTTP_1_1;
        private int fields;

        @Override
        public void startRequest(String method, String uri, HttpVersion spoken) {
            version = spoken;
            fields = 0;
            super.startRequest(method, uri, spoken);
        }

        @Override
        public void parsedHeader(HttpField field) {
            count();
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                requireChunked(field.getValue());
            }
            super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
            count();
            super.parsedTrailer(field);
        }

        @Override
        public boolean headerComplete() {
            boolean handle = super.headerComplete();
            headEnds();
            return handle;
        }

        private void count() {
            if (++fields > MOST_FIELDS) {
                throw new HttpException.RuntimeException(HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431);
            }
        }

        private void requireChunked(String coding) {
            if (version != HttpVersion.HTTP_1_1) {
                throw new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400);
            }
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new HttpException.RuntimeException(HttpStatus.NOT_IMPLEMENTED_501);
            }
        }
    }
}
