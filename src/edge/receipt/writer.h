/* writer: one message, two carriers. The same calls write XML or JSON straight into a buf: no tree, no allocation of its own.
 *
 *     writer_open(w, S("MessageBody"));        <MessageBody>            "MessageBody":{
 *     writer_text(w, S("Name"), name);           <Name>…</Name>           "Name":"…"
 *     writer_list(w, S("ResultList"));           <ResultList>             "ResultList":[
 *     writer_item(w, S("Result"));                 <Result>                 {"Result":{
 *     writer_item_end(w, S("Result"));             </Result>                }}
 *     writer_list_end(w, S("ResultList"));       </ResultList>            ]
 *     writer_close(w, S("MessageBody"));       </MessageBody>           }
 *
 * Empty text is left out: the field's readers refuse an empty code. Text is UTF-8; a control character that the carrier cannot hold is
 * written as a space, and so are U+FFFE and U+FFFF in XML. Failure is remembered by the buf. */
#ifndef EDGE_RECEIPT_WRITER_H
#define EDGE_RECEIPT_WRITER_H

#include "base/buf.h"

enum carrier { CARRIER_XML, CARRIER_JSON };

struct writer {
    struct buf *out;
    enum carrier carrier;
    bool comma; /* JSON: something stands before */
};

static inline struct writer writer_of(struct buf *out, enum carrier carrier) {
    return (struct writer){out, carrier, false};
}

void writer_open(struct writer *w, struct str name);
void writer_close(struct writer *w, struct str name);
void writer_text(struct writer *w, struct str name, struct str text);
/* `width` digits with zeros before it. */
void writer_number(struct writer *w, struct str name, uint64_t value, unsigned width);
void writer_list(struct writer *w, struct str name);
void writer_list_end(struct writer *w, struct str name);
void writer_item(struct writer *w, struct str name);
void writer_item_end(struct writer *w, struct str name);
/* Elements of one name side by side: XML repeats them, JSON has an array of that name. */
void writer_repeat(struct writer *w, struct str name);
void writer_repeat_end(struct writer *w);
void writer_one(struct writer *w, struct str name);
void writer_one_end(struct writer *w, struct str name);
/* What a writer of the same carrier wrote elsewhere, as it stands. */
void writer_raw(struct writer *w, struct str written);

/* <?xml …?>, the root's start; the root's end. For JSON the outer braces. */
void writer_start(struct writer *w);
void writer_finish(struct writer *w);

/* Text escaped for either carrier, without quotes or tags. */
void writer_escape(struct buf *out, enum carrier carrier, struct str text);

#endif
