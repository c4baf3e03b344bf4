package dev.warder.standalone;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** Makes connections that are subject to {@link ConnectionLimits}. Thread-safe. */
final class GuardedConnectionFactory extends HttpConnectionFactory {
    private final OpenConnections connections;

    GuardedConnectionFactory(HttpConfiguration configuration, OpenConnections connections) {
        super(configuration);
        this.connections = connections;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        var connection = new GuardedConnection(getHttpConfiguration(), connector, endPoint, connections);
        connection.setTransferEncodingChunkMaxLength(getTransferEncodingChunkMaxLength());
        return configure(connection, connector, endPoint);
    }
}
