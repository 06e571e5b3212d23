"""One person's course."""

from django.urls import path

from openpoems.web.course import views

urlpatterns = [
    path("people/<pseudonym>/course/", views.show, name="course"),
    path("people/<pseudonym>/course/table/", views.table, name="course-table"),
    path("people/<pseudonym>/course/table.csv", views.table_csv, name="course-table-csv"),
]
