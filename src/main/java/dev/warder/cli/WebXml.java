package dev.warder.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * The values in the {@code web.xml} of the WAR, which the application is going to read.
 *
 * @param entries values of env-entries, by name
 * @param initParams init-params of Warder's filters and servlets, by the name of the filter or servlet
 * @param contextParams context-params, by name
 */
public record WebXml(
        Map<String, String> entries, Map<String, Map<String, String>> initParams, Map<String, String> contextParams) {
    public static final WebXml NONE = new WebXml(Map.of(), Map.of(), Map.of());

    private static final String OWN_CLASSES = "dev.warder.";

    public WebXml {
        entries = Map.copyOf(entries);
        initParams = Map.copyOf(initParams);
        contextParams = Map.copyOf(contextParams);
    }

    /** Without the values, which may be secret. */
    @Override
    public String toString() {
        return "WebXml";
    }

    public static WebXml read(Path webapp) {
        Path file = webapp.resolve("WEB-INF").resolve("web.xml");
        try {
            if (!Files.exists(file) || !hasValues(Files.readString(file))) {
                return NONE;
            }
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setNamespaceAware(true);
            return of(factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement());
        } catch (IOException | SAXException | ParserConfigurationException unreadable) {
            // Jetty reads the same file next and reports what is wrong with it.
            return NONE;
        }
    }

    /**
     * Whether it has values and must be parsed. The descriptor as shipped has none, and a parser adds a tenth of a second to
     * each start.
     */
    private static boolean hasValues(String text) {
        return text.contains("param-value") || text.contains("env-entry-value");
    }

    private static WebXml of(Element root) {
        var initParams = new HashMap<String, Map<String, String>>();
        for (String kind : new String[] {"filter", "servlet"}) {
            children(root, kind)
                    .filter(each -> text(each, kind + "-class").startsWith(OWN_CLASSES))
                    .forEach(each -> initParams.put(text(each, kind + "-name"), params(each, "init-param")));
        }
        var entries = new HashMap<String, String>();
        children(root, "env-entry")
                .filter(entry -> !text(entry, "env-entry-value").isEmpty())
                .forEach(entry -> entries.put(text(entry, "env-entry-name"), text(entry, "env-entry-value")));
        return new WebXml(entries, initParams, params(root, "context-param"));
    }

    private static Map<String, String> params(Element owner, String kind) {
        var params = new HashMap<String, String>();
        children(owner, kind).forEach(each -> params.put(text(each, "param-name"), text(each, "param-value")));
        return params;
    }

    private static Stream<Element> children(Element owner, String name) {
        NodeList all = owner.getChildNodes();
        return IntStream.range(0, all.getLength())
                .mapToObj(all::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast)
                .filter(child -> name.equals(child.getLocalName()));
    }

    private static String text(Element owner, String name) {
        return children(owner, name)
                .findFirst()
                .map(Element::getTextContent)
                .orElse("")
                .strip();
    }
}
