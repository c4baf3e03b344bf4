package dev.warder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warder.config.ConfigException;
import java.util.HashMap;
import java.util.Map;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JndiTest {
    private final Map<String, Object> bound = new HashMap<>();
    private final Jndi jndi = new Jndi(this::find);
    private final JdbcDataSource database = new JdbcDataSource();

    @Test
    void findsEntriesBelowTheEnvironment() {
        bound.put("java:comp/env/warder/limits.body", "1m");
        assertThat(jndi.entry("warder/limits.body")).contains("1m");
        assertThat(jndi.entry("warder/limits.memory")).isEmpty();
    }

    @Test
    void findsTheDatabaseInTheEnvironmentAndThenByItsPlainName() {
        assertThat(jndi.database()).isEmpty();
        bound.put("jdbc/warder", new JdbcDataSource());
        assertThat(jndi.database()).get().isNotSameAs(database);
        bound.put("java:comp/env/jdbc/warder", database);
        assertThat(jndi.database()).get().isSameAs(database);
    }

    @Test
    void takesWhatIsHiddenInAnotherExceptionForUnbound() {
        var hidden = new NamingException("Lookup failed for 'jdbc/warder' in SerialContext");
        hidden.setRootCause(new NameNotFoundException("jdbc not found"));
        bound.put("java:comp/env/jdbc/warder", new NoInitialContextException());
        bound.put("jdbc/warder", hidden);
        assertThat(jndi.database()).isEmpty();
    }

    @Test
    void refusesADatabaseThatCannotBeHadWithoutRepeatingWhy() {
        bound.put("jdbc/warder", new NamingException("planted url and password"));
        assertThatThrownBy(jndi::database)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("jdbc/warder: ")
                .hasMessageContaining("NamingException")
                .hasMessageNotContaining("planted");
    }

    @Test
    void refusesWhatIsNoDatabase() {
        bound.put("java:comp/env/jdbc/warder", "jdbc:planted");
        assertThatThrownBy(jndi::database)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("jdbc/warder: ")
                .hasMessageContaining("not a javax.sql.DataSource")
                .hasMessageNotContaining("planted");
    }

    private @Nullable Object find(String name) throws NamingException {
        var found = bound.get(name);
        if (found instanceof NamingException failure) {
            throw failure;
        }
        if (found == null) {
            throw new NameNotFoundException(name);
        }
        return found;
    }
}
