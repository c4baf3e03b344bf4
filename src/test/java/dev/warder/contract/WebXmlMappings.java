package dev.warder.contract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/**
 * What {@code web.xml} of a WAR maps.
 *
 * @param servlets the names of all servlets
 * @param paths paths below each pattern, with those of the API below {@code /*}
 */
record WebXmlMappings(List<String> servlets, List<String> paths) {
    private static final List<String> BELOW_ALL = List.of(
            "/v1/messages",
            "/v1/messages/batches",
            "/v1/files",
            "/v1/models",
            "/v1/chat/completions",
            "/anthropic/v1/messages",
            "/v1/organizations",
            "/nowhere");

    static WebXmlMappings read(Path war) throws IOException, ParserConfigurationException, SAXException {
        try (var zip = new ZipFile(war.toFile());
                var in = zip.getInputStream(zip.getEntry("WEB-INF/web.xml"))) {
            var document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
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
