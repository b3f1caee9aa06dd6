from analytics.models.demo_company import DemoCompany
from analytics.models.reading_rules import ReadingRules
from analytics.models.review import Review
from analytics.models.shared_results import SharedResults
from analytics.models.text_model import TextModel
from analytics.models.text_reading import ReadingProgress, TextReading
from analytics.models.text_wording import TextWording
from analytics.models.topic import Topic
from analytics.models.topic_set import TopicSet
from analytics.models.topic_text import TopicText

__all__ = [
    "DemoCompany",
    "ReadingProgress",
    "ReadingRules",
    "Review",
    "SharedResults",
    "TextModel",
    "TextReading",
    "TextWording",
    "Topic",
    "TopicSet",
    "TopicText",
]
