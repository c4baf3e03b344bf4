package dev.warder.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A part of a YAML document; asking for what is not there or of another kind fails the test. */
record YamlNode(Object value) {
    /** Every document of a file. */
    static List<YamlNode> all(String text) {
        var documents = new ArrayList<YamlNode>();
        for (var document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            documents.add(new YamlNode(document));
        }
        return documents;
    }

    /** The part below these keys. */
    YamlNode at(String... path) {
        var found = value;
        for (var key : path) {
            var next = found instanceof Map<?, ?> map ? map.get(key) : null;
            if (next == null) {
                throw new AssertionError("there is no " + String.join(".", path));
            }
            found = next;
        }
        return new YamlNode(found);
    }

    /** Whether this is a map with the key. */
    boolean has(String key) {
        return value instanceof Map<?, ?> map && map.containsKey(key);
    }

    /** The members of a list. */
    List<YamlNode> list() {
        var members = new ArrayList<YamlNode>();
        for (var member : (List<?>) value) {
            members.add(new YamlNode(member));
        }
        return members;
    }

    /** The one member of a list. */
    YamlNode only() {
        if (list().size() != 1) {
            throw new AssertionError("not one alone: " + value);
        }
        return list().get(0);
    }

    String text() {
        return (String) value;
    }

    int number() {
        return (Integer) value;
    }

    boolean yes() {
        return (Boolean) value;
    }
}
