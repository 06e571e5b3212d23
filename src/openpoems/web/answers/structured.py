"""An answer for machines that read pages, as schema.org says it, with a review only where there is one."""

import json
from typing import Any

from openpoems.web.answers.queries import Reading

# What could end a script element, or open one.
_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def structured(reading: Reading, address: str) -> str:
    """The JSON-LD of an answer, safe within a script element."""
    answer = {"@type": "Answer", "text": reading.shown.short_words, "url": address}
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": ["MedicalWebPage", "QAPage"],
        "url": address,
        "inLanguage": reading.language,
        "name": reading.shown.question,
        "dateModified": reading.version.made.date().isoformat(),
        "about": {"@type": "MedicalCondition", "name": "POEMS syndrome"},
        "mainEntity": {
            "@type": "Question",
            "name": reading.shown.question,
            "answerCount": 1,
            "acceptedAnswer": answer,
        },
    }
    if reading.reviewed and reading.reviewer and reading.reviewed_on and not reading.reviewer.invented:
        page["lastReviewed"] = reading.reviewed_on.isoformat()
        page["reviewedBy"] = {
            "@type": "Person",
            "name": reading.reviewer.name,
            "jobTitle": reading.reviewer.profession,
            "worksFor": {"@type": "Organization", "name": reading.reviewer.organisation},
        }
    return json.dumps(page, ensure_ascii=False).translate(_UNSAFE)
