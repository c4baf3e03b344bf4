package dev.warder.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warder.testkit.Container;
import dev.warder.testkit.RawRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * Every mapping of {@code web.xml}, by every method and every way in which a container gives a request to a servlet: without
 * a token nothing but health and the greeting responds.
 */
@OnEachContainer
class DispatchContract extends GroundContract {
    private static final List<String> METHODS =
            List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND");

    private List<String> paths = List.of();
    private List<String> servlets = List.of();
    private Container container;

    @BeforeAll
    final void prepare() throws Exception {
        var plain = ground.usual().withSecret("admin.token", "admin-" + "token".repeat(8));
        var mappings = WebXmlMappings.read(plain.war());
        servlets = mappings.servlets();
        paths = mappings.paths();
        var war = ChangedWar.withDispatchingFilter(paths);
        container = ground.container(
                "dispatch",
                // Their watch takes a dispatch for the end, as it is in the application itself.
                plain.ofWar(war).withFacades(false));
    }

    @Test
    void refusesEveryMappingWithoutAToken() throws Exception {
        assertThat(servlets).contains("ProxyServlet", "AdminServlet", "HealthServlet", "HelloServlet");
        for (var path : paths) {
            for (var method : METHODS) {
                refused(method, path, RawRequest.of(method, container.contextPath() + path));
            }
        }
    }

    @Test
    void refusesEveryDispatchPastTheFilters() throws Exception {
        for (var path : paths) {
            for (var method : METHODS) {
                for (var how : List.of("forward", "include")) {
                    refused(method, path, dispatched(method, how, path));
                }
                refused(method, path, dispatched(method, "error", Integer.toString(460 + paths.indexOf(path))));
            }
        }
    }

    @Test
    void refusesEveryAsynchronousDispatchPastTheFilters() throws Exception {
        for (var path : paths) {
            for (var method : METHODS) {
                refused(method, path, dispatched(method, "async", path));
            }
        }
    }

    @Test
    void refusesEveryServletByItsName() throws Exception {
        for (var servlet : servlets) {
            for (var method : METHODS) {
                var path = servlet.startsWith("He") ? "/health" : "/v1/files";
                refused(method, path, dispatched(method, "named", servlet));
            }
        }
    }

    private RawRequest dispatched(String method, String how, String to) {
        return RawRequest.of(method, container.contextPath() + "/start")
                .field("X-Dispatch", how)
                .field("X-To", to);
    }

    private void refused(String method, String path, RawRequest request) throws Exception {
        boolean free =
                path.startsWith("/health") || path.endsWith("/api/hello") || path.equals("/") || path.equals("/error");
        try (var client = connect(container)) {
            var answer = client.exchange(method.startsWith("P") ? request.json("{\"model\":\"m\"}") : request);
            if (!free) {
                assertThat(answer.status())
                        .as("%s %s: %s", method, path, answer)
                        .isGreaterThanOrEqualTo(400);
            }
        } catch (EOFException | SocketException closed) {
            // No response is owed to a request that came past the filters.
        }
        assertThat(upstream.requests()).as("%s %s", method, path).isEmpty();
    }

    /**
     * What {@code web.xml} of a WAR maps.
     *
     * @param servlets the names of all servlets
     * @param paths paths below each pattern, with those of the API below {@code /*}
     */
    private record WebXmlMappings(List<String> servlets, List<String> paths) {
        private static final List<String> BELOW_ALL = items(
                """
                /v1/messages, /v1/messages/batches, /v1/files, /v1/models, /v1/chat/completions
                /anthropic/v1/messages, /v1/organizations, /nowhere""");

        static WebXmlMappings read(Path war) throws IOException, ParserConfigurationException, SAXException {
            try (var zip = new ZipFile(war.toFile());
                    var in = zip.getInputStream(zip.getEntry("WEB-INF/web.xml"))) {
                var document = DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(in);
                var paths = new ArrayList<String>();
                for (var pattern : texts(document, "servlet-mapping", "url-pattern")) {
                    if (pattern.equals("/*")) {
                        paths.addAll(BELOW_ALL);
                    } else if (pattern.endsWith("/*")) {
                        var stem = pattern.substring(0, pattern.length() - 2);
                        paths.addAll(List.of(stem, stem + "/credentials", stem + "/ready"));
                    } else {
                        paths.add(pattern.isEmpty() ? "/" : pattern);
                    }
                }
                return new WebXmlMappings(texts(document, "servlet", "servlet-name"), List.copyOf(paths));
            }
        }

        private static List<String> texts(Document document, String parent, String name) {
            var texts = new ArrayList<String>();
            var found = document.getElementsByTagName(name);
            for (int i = 0; i < found.getLength(); i++) {
                if (found.item(i).getParentNode().getNodeName().equals(parent)) {
                    texts.add(found.item(i).getTextContent().strip());
                }
            }
            return texts;
        }
    }
}
