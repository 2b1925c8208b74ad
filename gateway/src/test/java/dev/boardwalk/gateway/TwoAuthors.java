package dev.boardwalk.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Anna and Bert, who write one entity with Yjs from npm by turns: every kind of content comes, changes and goes. */
final class TwoAuthors {
    /** One step of each client at a time: text and formats, maps, arrays, nested types, XML. */
    private static final List<String> STEPS = List.of("""
            doc.getText('title').insert(0, 'A plan 🚗 for everybody', { bold: true })
            doc.getMap('settings').set('theme', 'dark')
            doc.getMap('settings').set('deep', new Y.Map([['list', Y.Array.from([1, 2, 3])], ['note', new Y.Text('hello')]]))
            doc.getArray('items').push(['one', 2, { three: [3] }, new Y.Map([['n', 4]])])
            """, """
            const p = new Y.XmlElement('p')
            p.setAttribute('class', 'lead')
            p.insert(0, [new Y.XmlText('Once upon a time')])
            doc.getXmlFragment('page').insert(0, [p, new Y.XmlElement('hr')])
            doc.getText('title').insert(6, ' (draft)')
            """, """
            doc.getText('title').delete(0, 2)
            doc.getText('title').format(0, 4, { bold: null, italic: true })
            doc.getMap('settings').get('deep').get('list').delete(1, 1)
            doc.getMap('settings').get('deep').get('note').insert(5, ' world')
            doc.getMap('settings').delete('theme')
            doc.getArray('items').delete(1, 2)
            doc.getArray('items').insert(0, [true, null])
            """, """
            doc.getXmlFragment('page').delete(1, 1)
            doc.getXmlFragment('page').get(0).setAttribute('class', 'tail')
            doc.getXmlFragment('page').get(0).get(0).insert(0, 'Not ', { em: {} })
            doc.getMap('settings').delete('deep')
            doc.getArray('items').delete(0, doc.getArray('items').length)
            doc.getText('title').insert(0, 'Nothing of ')
            """);

    /** What a person sees of every kind, formats included, however the text was put together. */
    private static final String VISIBLE = """
            const stretches = []
            for (const { insert, attributes } of doc.getText('title').toDelta()) {
              const formats = JSON.stringify(attributes ?? {})
              if (stretches.at(-1)?.formats === formats) stretches.at(-1).insert += insert
              else stretches.push({ insert, formats })
            }
            return JSON.stringify([stretches, Object.entries(doc.getMap('settings').toJSON()).sort(),
              doc.getArray('items').toJSON(), doc.getXmlFragment('page').toString()])
            """;

    /** A root says what it is once it is asked for. */
    private static final String ROOTS = """
            doc.getText('title'); doc.getMap('settings'); doc.getArray('items'); doc.getXmlFragment('page')
            """;

    /** An instant, and what Yjs had then. */
    record Recorded(Instant time, JsonObject json, String visible) {}

    private final NpmPeers peers;
    private final EntityCalls calls;
    private final URI project;

    /** @param address of the gateway */
    TwoAuthors(NpmPeers peers, EntityCalls calls, String address) {
        this.peers = peers;
        this.calls = calls;
        this.project = URI.create(address.replace("http", "ws") + "/yjs/default");
    }

    /** They take turns; after each turn everything is flushed and recorded. */
    List<Recorded> write(String entity) {
        List<String> authors = List.of(entity + "-anna", entity + "-bert");
        for (String author : authors) {
            peers.open(author, 3, project, entity);
            peers.run(author, ROOTS);
            String name = author.endsWith("anna") ? "Anna" : "Bert";
            peers.presence(author, new JsonObject().put("user", new JsonObject().put("name", name)));
        }
        List<Recorded> moments = new ArrayList<>();
        for (int step = 0; step < STEPS.size(); step++) {
            String author = authors.get(step % 2);
            String other = authors.get((step + 1) % 2);
            String tag = "s" + step;
            peers.run(author, STEPS.get(step));
            peers.edit(author, tag);
            await().atMost(20, SECONDS)
                    .until(() -> peers.state(author).confirmed().contains(tag));
            await().atMost(20, SECONDS).until(() -> peers.state(other).tags().contains(tag));
            assertThat(calls.get(entity, "?fresh=true").statusCode()).isEqualTo(200);
            moments.add(new Recorded(Instant.now(), written(author), visible(author)));
        }
        return moments;
    }

    /** Its JSON without roots that nobody has written to yet, of which updates say nothing. */
    private JsonObject written(String peer) {
        JsonObject json = peers.json(peer);
        if (json.getString("page").isEmpty()) {
            json.remove("page");
        }
        return json;
    }

    /** What a person sees at a peer. */
    String visible(String peer) {
        return String.valueOf(peers.run(peer, VISIBLE));
    }
}
