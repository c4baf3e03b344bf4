# Tomcat runs this; see README.md. ${NAME} in warder.xml and server.xml is taken from the environment, too.
CATALINA_OPTS="$CATALINA_OPTS -Dorg.apache.tomcat.util.digester.PROPERTY_SOURCE=org.apache.tomcat.util.digester.EnvironmentPropertySource"
