/* face_answer: all that a face reader may say (face_answer.def). */
#ifndef CORE_FACE_ANSWER_H
#define CORE_FACE_ANSWER_H

#define FACE_ANSWER(name, code, ja, en) FACE_##name,
enum face_answer {
#include "core/face_answer.def"
    FACE_ANSWERS
};
#undef FACE_ANSWER

#endif
