package dev.warder.upstream;

import dev.warder.config.EndpointUrl;
import dev.warder.config.InvalidValueException;
import dev.warder.config.Network;
import dev.warder.config.Secret;
import dev.warder.config.Setting;
import dev.warder.config.SettingReader;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.net.NamedEndpoint;

/**
 * The way out for every connection that Warder opens with HTTP: through which proxy, and with which certificates. Thread-safe.
 */
public final class Outbound {
    /** Without a proxy, and with the certificates of the JVM. */
    public static final Outbound DIRECT = new Outbound(Optional.empty(), Optional.empty());

    public static final List<Setting> SETTINGS = List.of(
            Setting.UPSTREAM_PROXY,
            Setting.UPSTREAM_PROXY_LOGIN,
            Setting.UPSTREAM_NO_PROXY,
            Setting.UPSTREAM_TRUSTSTORE,
            Setting.UPSTREAM_TRUSTSTORE_PASSWORD,
            Setting.UPSTREAM_KEYSTORE,
            Setting.UPSTREAM_KEYSTORE_PASSWORD);

    private static final int HTTPS_PORT = 443;

    private final Optional<ForwardProxy> proxy;
    private final Optional<TlsFiles> files;

    private Outbound(Optional<ForwardProxy> proxy, Optional<TlsFiles> files) {
        this.proxy = proxy;
        this.files = files;
    }

    /** Reads the {@link #SETTINGS}. */
    public static Outbound read(SettingReader settings) {
        var proxy = ForwardProxy.read(settings);
        var files = TlsFiles.read(settings);
        return proxy.isEmpty() && files.isEmpty() ? DIRECT : new Outbound(proxy, files);
    }

    /** Whether connections to this host go through the proxy, which looks its name up. */
    boolean isProxied(String host) {
        return proxy.filter(each -> each.carries(host)).isPresent();
    }

    /** Where the connection to a target begins: at the proxy, or at the target itself. */
    NamedEndpoint firstHop(NamedEndpoint target) {
        return isProxied(target.getHostName()) ? proxy.orElseThrow().address() : target;
    }

    /** The tunnel for a new connection; empty if the target is reached directly. */
    Optional<Tunnel> tunnel(NamedEndpoint target) {
        return proxy.filter(each -> each.carries(target.getHostName())).map(each -> each.tunnel(target));
    }

    /** The context for new connections; empty for that of the JVM. */
    Optional<SSLContext> context() {
        return files.map(TlsFiles::context);
    }

    /** The cause by which the exchange with this host is reported: a proxy that is not reached is not the host. */
    Exception named(String host, Exception cause) {
        boolean unreached = cause instanceof ConnectException
                || cause instanceof ConnectTimeoutException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException;
        return unreached && isProxied(host)
                ? new ProxyException("could not be reached", cause instanceof InterruptedIOException)
                : cause;
    }

    /**
     * The proxy of {@code upstream.proxy}. Immutable, except that a file may replace the secret.
     *
     * @param address with the scheme {@code https} if TLS leads to it
     * @param login user and password, with a colon between them (RFC 7617)
     */
    private record ForwardProxy(HttpHost address, Optional<Secret> login, Exceptions direct) {
        static Optional<ForwardProxy> read(SettingReader settings) {
            var url = settings.find(Setting.UPSTREAM_PROXY, EndpointUrl::parseProxy);
            var direct = settings.find(Setting.UPSTREAM_NO_PROXY, Exceptions::parse);
            var login = settings.secret(Setting.UPSTREAM_PROXY_LOGIN, Secret.Rule.ANY);
            return url.map(each -> new ForwardProxy(address(each), login, direct.orElse(Exceptions.NONE)));
        }

        private static String field(Secret login) {
            var bytes = login.reveal().getBytes(StandardCharsets.UTF_8);
            return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(bytes) + "\r\n";
        }

        private static HttpHost address(URI url) {
            return new HttpHost(url.getScheme().toLowerCase(Locale.ROOT), url.getHost(), url.getPort());
        }

        boolean carries(String host) {
            return !EndpointUrl.isLoopback(host) && !direct.have(host);
        }

        Tunnel tunnel(NamedEndpoint target) {
            int port = target.getPort() < 0 ? HTTPS_PORT : target.getPort();
            String host = new HttpHost(target.getHostName(), port).toHostString();
            // Some proxies refuse a request without a User-Agent.
            var head = "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: Warder\r\n"
                    + login.map(ForwardProxy::field).orElse("") + "\r\n";
            return new Tunnel(address, head.getBytes(StandardCharsets.ISO_8859_1), login.isPresent());
        }
    }

    /** Hosts that are reached directly. */
    private record Exceptions(List<String> names, List<Network> networks) {
        static final Exceptions NONE = new Exceptions(List.of(), List.of());

        private static final Pattern NAME = Pattern.compile("\\.?[a-z0-9_-]+(\\.[a-z0-9_-]+)*");
        private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*[:/].*");

        static Exceptions parse(String text) throws InvalidValueException {
            var names = new ArrayList<String>();
            var networks = new ArrayList<Network>();
            for (var entry : text.toLowerCase(Locale.ROOT).split(",")) {
                String plain = entry.strip();
                if (ADDRESS.matcher(plain).matches()) {
                    networks.add(Network.parse(plain));
                } else if (NAME.matcher(plain).matches()) {
                    names.add(plain);
                } else if (!plain.isEmpty()) {
                    throw new InvalidValueException("must be hosts, endings such as .example.com and networks such as"
                            + " 10.0.0.0/8, separated by commas");
                }
            }
            return new Exceptions(names, networks);
        }

        boolean have(String host) {
            String name = host.toLowerCase(Locale.ROOT);
            return names.stream().anyMatch(each -> each.startsWith(".") ? name.endsWith(each) : name.equals(each))
                    || networks.stream().anyMatch(each -> each.contains(host));
        }
    }

    /**
     * The proxy of {@code upstream.proxy} made no tunnel. The message is in Warder's own words and without text of the proxy, for
     * the place after the name of the proxy. An {@link SSLException}, because an engine of TLS may throw no other.
     */
    public static final class ProxyException extends SSLException {
        private final boolean late;

        ProxyException(String message, boolean late) {
            super(message);
            this.late = late;
        }

        /** Whether the proxy was waited for too long. */
        public boolean isLate() {
            return late;
        }

        /** The proxy and what it did, for clients and operators. */
        public String words() {
            return "the proxy of upstream.proxy " + getMessage();
        }
    }
}
